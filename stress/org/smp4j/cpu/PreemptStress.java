package org.smp4j.cpu;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The preempt count against a reschedule that another CPU asks for. */
public class PreemptStress {
    private PreemptStress() {
    }

    /** A CPU that is asked to reschedule, and a scheduler that only counts. */
    public abstract static class Asked {
        final Cpus cpus = new Cpus(2);
        int rescheduled;
        boolean inSection;
        int torn;

        Asked() {
            cpus.installPreemption(cpu -> {
                cpu.clearNeedResched();
                rescheduled++;
                torn += inSection ? 1 : 0;
            });
        }

        void ask() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).resched();
            }
        }

        /** What is asked for stays so until the next poll point. */
        void last(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                Preempt.disable();
                Preempt.enable();
            }
            r.r1 = rescheduled;
            r.r2 = torn;
        }
    }

    /** A section with preemption off is not torn, and the request is not lost. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "rescheduled once, outside the section")
    @Outcome(id = "., 1", expect = FORBIDDEN, desc = "rescheduled within the section")
    @Outcome(expect = FORBIDDEN, desc = "the request is lost, or served twice")
    @State
    public static class ReschedWaitsForTheCount extends Asked {
        @Actor
        public void sender() {
            ask();
        }

        @Actor
        public void target() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                Preempt.disable();
                inSection = true;
                cpus.cpu(1).poll();
                cpus.cpu(1).poll();
                inSection = false;
                Preempt.enable();
            }
        }

        @Arbiter
        public void look(II_Result r) {
            last(r);
        }
    }

    /** Weakened twin of {@link ReschedWaitsForTheCount}: the section has a poll point and preemption on. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "rescheduled once, outside the section")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "rescheduled within the section")
    @Outcome(expect = FORBIDDEN, desc = "the request is lost, or served twice")
    @State
    public static class SectionWithoutTheCountIsTorn extends Asked {
        @Actor
        public void sender() {
            ask();
        }

        @Actor
        public void target() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                inSection = true;
                cpus.cpu(1).poll();
                cpus.cpu(1).poll();
                inSection = false;
            }
        }

        @Arbiter
        public void look(II_Result r) {
            last(r);
        }
    }
}
