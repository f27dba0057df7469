package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Completion;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Rcu;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** What a control CPU and the CPU that it brings up or takes down hand on to each other. */
public final class Hotplugs {
    private static final int TARGET = 1;

    private Hotplugs() {
    }

    private static void state(Machine machine, int expected) {
        int state = machine.hotplug().files().state(TARGET);
        int target = machine.hotplug().files().target(TARGET);
        hold(state == expected && target == expected, "state", "the CPU is in state " + state + ", its target is "
                + target + ", and not " + expected);
    }

    /** A CPU is taken down and brought up. */
    public static final class DownAndUp extends MachineScenario {
        /** Made for each run. */
        public DownAndUp() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "controls", () -> {
                int down = machine.hotplug().removeCpu(TARGET);
                hold(down == 0, "down", "remove_cpu returns " + down);
                state(machine, CpuhpState.OFFLINE);
                int up = machine.hotplug().addCpu(TARGET);
                hold(up == 0, "up", "add_cpu returns " + up);
                state(machine, CpuhpState.ONLINE);
                Exploring.stretch(false);
            });
        }
    }

    /** A step fails, and the CPU goes back. */
    public static final class Fails extends MachineScenario {
        /** Made for each run. */
        public Fails() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "controls", () -> {
                machine.hotplug().files().setFail(TARGET, CpuhpState.AP_SMPBOOT_THREADS);
                int down = machine.hotplug().removeCpu(TARGET);
                hold(down == -Errno.EAGAIN, "down", "remove_cpu returns " + down);
                state(machine, CpuhpState.ONLINE);
                Exploring.stretch(false);
            });
        }
    }

    /** All CPUs but one are frozen, and thawed; callbacks are told. */
    public static final class Frozen extends MachineScenario {
        /** Made for each run. */
        public Frozen() {
            super(2);
        }

        private static int tellsFrozen(Machine machine) {
            boolean frozen = machine.hotplug().cpuhpTasksFrozen();
            hold(frozen, "frozen", "a callback is not told of the suspend");
            return 0;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(0, "suspends", () -> {
                machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "tells",
                        _ -> tellsFrozen(machine), _ -> tellsFrozen(machine));
                Exploring.stretch(true);
                int err = machine.hotplug().freezeSecondaryCpus(0);
                hold(err == 0, "freeze", "freeze_secondary_cpus returns " + err);
                machine.hotplug().thawSecondaryCpus();
                Exploring.stretch(false);
                state(machine, CpuhpState.ONLINE);
            });
        }
    }

    /** An instance is added to a state that is removed meanwhile: either it was added before, or it is refused. */
    public static final class Instances extends MachineScenario {
        /** The state is looked at before its lock is taken. */
        static final Weave TRUSTED = Weave.in(CpuhpSetup.class, "ofMulti").lambdas()
                .replace(call("org.smp4j.hotplug.CpuhpStep", "multiInstance"))
                .by(hook(Instances.class, "hadInstances"));

        private int startups; // by the task that adds

        /** Made for each run. */
        public Instances() {
            super(2);
        }

        @Override
        protected boolean expects(Warnings.Warning warning) {
            return warning.site() == CpuhpSetup.INSTANCES_LEFT;
        }

        /**
         * {@return that the state has instances, as it had before the lock}
         *
         * @param step the state
         */
        public static boolean hadInstances(Object step) {
            return true;
        }

        private int start() {
            startups++;
            return 0;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            CpuhpSetup setup = machine.hotplug().setup();
            task(0, "adds", () -> {
                int state = setup.setupStateMulti(CpuhpState.BP_PREPARE_DYN, "instances", (_, _) -> start(), null);
                machine.spawn(1, "removes", () -> setup.removeMultiState(state));
                Exploring.stretch(true);
                int ret = setup.addInstance(state, "instance");
                Exploring.stretch(false);
                hold(ret == 0 && startups == 2 || ret == -Errno.EINVAL && startups == 0, "instance",
                        "cpuhp_state_add_instance returns " + ret + " after " + startups + " calls");
            });
        }
    }

    /**
     * A task is woken for a CPU that is still active, and the CPU takes the wake-up when it waits for its tasks to
     * leave: it waits for that task, too.
     */
    public static final class WokenLate extends MachineScenario {
        private static final String STATES = "org.smp4j.hotplug.CoreStates";

        /**
         * The waker has queued the wake-up, and not raised the interrupt, when the CPU looks at its queues for the
         * first time. The grace period that would wait for the waker is left out: another sender can be as late.
         */
        static final Weave FRAME = Weave.in(STATES, "schedCpuDeactivate")
                .insert(hook(WokenLate.class, "deactivates")).atEntry().drop(call(Rcu.class, "synchronizeRcu"))
                .andIn(STATES, "schedCpuWaitEmpty")
                .insert(hook(WokenLate.class, "looks")).before(call(Cpu.class, "callSingleQueue"))
                .insert(hook(WokenLate.class, "leaves")).atExit()
                .andIn(Smp.class, "smpCallSingleQueue")
                .insert(hook(WokenLate.class, "queued")).before(call(Smp.class, "sendCallFunctionSingleIpi"));

        /** The CPU looks at its run queue, then at the calls. */
        static final Weave RUN_QUEUE_FIRST = Weave.in(STATES, "schedCpuWaitEmpty")
                .insert(hook(WokenLate.class, "looksFirst")).before(call(Cpu.class, "callSingleQueue"))
                .replace(call(Scheduler.class, "isVacated")).by(hook(WokenLate.class, "wasVacated"));

        private static final int DEACTIVATES = 1;
        private static final int QUEUED = 2;
        private static final int LOOKS = 3;
        private static volatile int phase;
        private static Machine current; // set by each run before it starts a thread
        private static Task waker; // set before the waker goes on
        private static boolean wasVacated; // used only by the CPU that goes down

        /** Made for each run. */
        public WokenLate() {
            super(3);
        }

        private static void await(int wanted) {
            while (phase < wanted) {
                Thread.onSpinWait();
            }
        }

        /** The CPU is about to take no more tasks. */
        public static void deactivates() {
            phase = DEACTIVATES;
            while (phase < QUEUED) {
                relax();
            }
        }

        /** A call or a wake-up is in a CPU's queue. */
        public static void queued() {
            if (phase == DEACTIVATES && Task.current() == waker) {
                phase = QUEUED;
                await(LOOKS);
            }
        }

        /** The CPU is about to look at its queues. */
        public static void looks() {
            if (phase < LOOKS) {
                Exploring.stretch(true);
                phase = LOOKS;
            }
        }

        /** The CPU looks at its run queue. */
        public static void looksFirst() {
            wasVacated = current.scheduler().isVacated(TARGET);
        }

        /**
         * {@return what the CPU has seen there}
         *
         * @param scheduler the scheduler
         * @param cpu the CPU
         */
        public static boolean wasVacated(Scheduler scheduler, int cpu) {
            return wasVacated;
        }

        /** The CPU waits no longer. */
        public static void leaves() {
            boolean vacated = current.scheduler().isVacated(TARGET);
            hold(vacated, "vacated", "the CPU does not wait for a task that is queued there");
            Exploring.stretch(false);
        }

        @Override
        protected void run(Machine machine) {
            current = machine;
            phase = 0;
            Exploring.stretch(false);
            Completion told = new Completion();
            task(TARGET, "sleeps", told::waitForCompletion);
            waker = task(2, "wakes", () -> {
                while (phase < DEACTIVATES) {
                    relax();
                }
                told.complete();
            });
            task(0, "controls", () -> machine.hotplug().removeCpu(TARGET));
        }
    }
}
