package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.stop.CpuStopWork;

/**
 * The stop works of one run. A work belongs to the stopper from when it is queued until its function begins; the works
 * of one request wait for each other. A stopper takes all its works, in the order in which they were queued. After a
 * stopper has recorded the end of a work it must not touch that record: the task that waited for it may have returned.
 */
final class Stops {
    /** A thread's request to stop CPUs together. */
    private record Request(Thread by, List<Integer> cpus) {
        @Override
        public String toString() {
            return by.getName() + (cpus.size() == 1 ? "'s stop of CPU " : "'s stop of CPUs ")
                    + String.join(",", cpus.stream().map(String::valueOf).toList());
        }
    }

    /** A work, from when it is about to be queued until its function has returned. */
    private static final class Queued {
        final CpuStopWork work;
        final int cpu;
        final Request request;
        boolean linked;
        boolean taken;
        boolean runs;

        Queued(CpuStopWork work, int cpu, Request request) {
            this.work = work;
            this.cpu = cpu;
            this.request = request;
        }
    }

    /** What a waiting caller has lent to stoppers: a work, and the record of its end. */
    private record Lent(Thread by, Object what) {
    }

    /** A thread that calls {@link Completion#complete} next, for the end of works. */
    private record Signal(Thread by, Object done) {
    }

    private final List<Lent> lent = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private final List<Queued> works = new ArrayList<>();
    private final List<Request> queueing = new ArrayList<>();

    void entersMany(CpuMask mask) {
        List<Integer> cpus = new ArrayList<>();
        for (int cpu = mask.first(); cpu < Cpu.current().cpus.nrCpuIds; cpu = mask.next(cpu)) {
            cpus.add(cpu);
        }
        queueing.add(new Request(Thread.currentThread(), cpus));
    }

    void leavesMany() {
        queueing.removeIf(request -> request.by == Thread.currentThread());
    }

    void queues(int cpu, CpuStopWork work) {
        Optional<Request> request = queueing.stream().filter(each -> each.by == Thread.currentThread()).findFirst();
        works.add(new Queued(work, cpu, request.orElseGet(() -> new Request(Thread.currentThread(), List.of(cpu)))));
    }

    void queuesTwo(int lower, CpuStopWork lowerWork, int higher, CpuStopWork higherWork) {
        Request request = new Request(Thread.currentThread(), List.of(lower, higher));
        works.add(new Queued(lowerWork, lower, request));
        works.add(new Queued(higherWork, higher, request));
    }

    void appended(CpuStopWork work) {
        if (works.stream().anyMatch(each -> each.work == work && each.linked && !each.runs)) {
            Exploring.broken("linked twice", "a stop work is queued although it still is in a queue, for "
                    + find(work).request, List.of());
        }
        for (int i = works.size() - 1; i >= 0; i--) {
            Queued each = works.get(i);
            if (each.work == work && !each.linked) {
                each.linked = true;
                works.add(works.remove(i)); // the order of the list is that of the queues
                Exploring.note(() -> "queues for stopper " + each.cpu + ": " + each.request);
                return;
            }
        }
    }

    private Queued find(CpuStopWork work) {
        return works.stream().filter(each -> each.work == work && each.linked && !each.runs).findFirst().orElseThrow();
    }

    /** A stopper has looked for its next work; {@code left} are the works still queued. */
    void takes(int cpu, List<CpuStopWork> left) {
        List<Queued> before = works.stream().filter(each -> each.cpu == cpu && each.linked && !each.taken).toList();
        List<Queued> gone = before.stream().filter(each -> !left.contains(each.work)).toList();
        if (gone.isEmpty()) {
            if (!before.isEmpty()) {
                Exploring.broken("lost stop work", "stopper " + cpu + " takes no work, and has "
                        + before.getFirst().request, List.of());
            }
            return;
        }
        if (gone.size() > 1) {
            Exploring.broken("lost stop work", gone.getFirst().request + " is no longer in the queue of stopper " + cpu
                    + ", which has not taken it", List.of());
        }
        if (gone.getFirst() != before.getFirst()) {
            Exploring.broken("stop works out of order", "stopper " + cpu + " takes " + gone.getFirst().request
                    + " before " + before.getFirst().request
                    + ", which was queued first", List.of());
        }
        gone.getFirst().taken = true;
    }

    void begins(Cpu here) {
        works.stream().filter(each -> each.cpu == here.id && each.taken && !each.runs).findFirst().ifPresent(each -> {
            each.runs = true;
            Exploring.freed(each.work);
            Exploring.note(() -> "stopper " + here.id + " begins " + each.request);
        });
    }

    void ended(Cpu here) {
        works.removeIf(each -> each.cpu == here.id && each.runs);
    }

    void fills(CpuStopWork work, Object done) {
        Exploring.owned(work);
        lent.removeIf(each -> each.what == work);
        if (done != null) {
            lent.add(new Lent(Thread.currentThread(), work));
            lent.add(new Lent(Thread.currentThread(), done));
        }
    }

    void leaves() {
        Thread self = Thread.currentThread();
        lent.stream().filter(each -> each.by == self).forEach(each -> Exploring.freed(each.what));
        lent.removeIf(each -> each.by == self);
    }

    void signals(Object done) {
        Exploring.uses(done);
    }

    void signalsLast(Object done) {
        Exploring.uses(done);
        signals.add(new Signal(Thread.currentThread(), done));
    }

    void signalled(Object done) {
        Thread self = Thread.currentThread();
        if (lent.stream().anyMatch(each -> each.what == done && each.by != self)) {
            Exploring.letGo(done);
        }
    }

    /** The completion is among the memory that the caller gives up when it returns. */
    void completes(Completion completion) {
        for (Signal signal : signals) {
            if (signal.by == Thread.currentThread()) {
                signals.remove(signal);
                lent.stream().filter(each -> each.what == signal.done).findFirst()
                        .ifPresent(each -> lent.add(new Lent(each.by, completion)));
                return;
            }
        }
    }

    void check() {
        works.stream().filter(each -> each.linked && !each.runs).findFirst()
                .ifPresent(each -> Exploring.broken("lost stop work",
                each.request + " was queued for stopper " + each.cpu + " and never ran", List.of()));
    }

    /** {@return what the stopper of a CPU waits for, or null} */
    String waits(Cpu cpu) {
        for (Queued mine : works) {
            if (mine.cpu == cpu.id && mine.runs) {
                List<String> missing = works.stream().filter(each -> each.request == mine.request && !each.runs)
                        .map(this::obstacle).toList();
                return missing.isEmpty() ? null : "stopper runs " + mine.request + ", waits for "
                        + String.join(", and for ", missing);
            }
        }
        return null;
    }

    private String obstacle(Queued missing) {
        String stopper = "stopper " + missing.cpu;
        return works.stream().filter(each -> each.cpu == missing.cpu && each.runs).findFirst()
                .map(each -> stopper + ", which runs " + each.request)
                .orElse(stopper + ", which has not been woken");
    }
}
