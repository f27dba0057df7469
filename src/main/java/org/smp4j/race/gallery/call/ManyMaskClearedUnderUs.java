package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The mask of a broadcast becomes empty between its check and its copying. */
@RaceFacts(slug = "many-mask-cleared-under-us", title = "smp_call_function_many: handle concurrent clearing of mask",
        hash = "723aae25d5cd", certainty = Certainty.VERIFIED, year = 2011, cpus = 3, breaks = "deadlock",
        symptom = "the block of a broadcast stays locked forever",
        proof = "bound1",
        shows = {"getAndBitwiseAnd", "getAndBitwiseAnd"},
        story = """
                A broadcast checked that its mask was not empty, then locked its block, copied the mask and counted
                the CPUs that have to answer; the last CPU to answer unlocks the block. But the caller's mask may be
                shared, and CPUs remove themselves from it. If all of them do so between the check and the copy, no
                CPU is left to answer, and the block stays locked. The fix counts the copy, and returns at once if it
                is empty. Later kernels use one csd per target and count nothing.""")
public final class ManyMaskClearedUnderUs extends CallScenario implements Race {
    private CpuMask users;

    /** The race. */
    public ManyMaskClearedUnderUs() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(ManyMaskClearedUnderUs.class, "flush").replace(call(ManyMaskClearedUnderUs.class, "callMany"))
                .by(hook(ManyMaskClearedUnderUs.class, "callManyCounted"));
    }

    @Override
    protected void play() {
        users = CpuMask.of(nrCpus, 1, 2);
        on(0, this::flush);
        on(1, () -> users.clearCpu(1));
        on(2, () -> users.clearCpu(2));
    }

    private void flush() {
        callMany(SmpCallFunc.named("flush_tlb", info -> { }));
    }

    private void callMany(SmpCallFunc func) {
        smp().onEachCpuMask(users, func, null, true);
    }

    /**
     * The old behaviour: one block for all targets, unlocked by the last one to answer.
     *
     * @param race the race
     * @param func the function to call
     */
    public static void callManyCounted(ManyMaskClearedUnderUs race, SmpCallFunc func) {
        if (race.users.firstAnd(race.cpus().online, -1) >= race.nrCpus) {
            return;
        }
        CpuMask copy = new CpuMask(race.nrCpus);
        copy.and(race.users, race.cpus().online);
        AtomicInteger refs = new AtomicInteger(copy.weight());
        AtomicInteger locked = new AtomicInteger(1);
        for (int cpu = copy.first(); cpu < race.nrCpus; cpu = copy.next(cpu)) {
            race.smp().smpCallFunctionSingleAsync(cpu, new Csd(SmpCallFunc.named(func.name(), info -> {
                func.call(info);
                if (refs.decrementAndGet() == 0) {
                    locked.set(0);
                }
            }), null));
        }
        while (locked.get() != 0) {
            relax();
        }
    }
}
