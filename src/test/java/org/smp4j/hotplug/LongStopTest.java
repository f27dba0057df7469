package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.sched.Mutex;

/**
 * A task that is made to stop stays so for long: it loses its CPU to others, is moved, sleeps end; all that while its
 * CPU may go.
 */
class LongStopTest {
    /** Each CPU's page, which is given back when the CPU is gone. A task fills that of its CPU. */
    public static class KeepsPage extends MachineScenario {
        private Machine machine;
        private final Page[] pages = {new Page(), new Page(), new Page()};

        /** A page. */
        static final class Page {
            final Mutex mutex = new Mutex();
            volatile boolean freed;
        }

        public KeepsPage() {
            super(3);
        }

        @Override
        protected void run(Machine booted) {
            machine = booted;
            task(0, "unplugger", () -> {
                machine.hotplug().setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "pages", null,
                        CpuhpCallback.named("pages_dead", cpu -> {
                    free(pages[cpu]);
                    return 0;
                }));
                task(2, "writer", this::write);
                machine.hotplug().removeCpu(2);
            });
        }

        void free(Page page) {
            page.freed = true;
        }

        void write() {
            Page page = here();
            page.mutex.lock();
            mayWait();
            fill(page);
            page.mutex.unlock();
        }

        final Page here() {
            return pages[Cpu.rawSmpProcessorId()];
        }

        final void mayWait() {
            machine.scheduler().condResched();
        }

        static void fill(Page page) {
            if (page.freed) {
                throw new IllegalStateException("a page is written to that was given back");
            }
        }
    }

    /** The page is returned with its lock held; a thread that finds it gone looks where it is now. */
    public static class LooksAgain extends KeepsPage {
        @Override
        void free(Page page) {
            page.mutex.lock();
            page.freed = true;
            page.mutex.unlock();
        }

        @Override
        void write() {
            for (boolean done = false; !done;) {
                Page page = here();
                page.mutex.lock();
                done = !page.freed;
                if (done) {
                    mayWait();
                    fill(page);
                }
                page.mutex.unlock();
            }
        }
    }

    private static Report explore(Class<?> scenario, int schedules, int seed) {
        LoadedProgram program =
                new LoadedProgram(scenario.getName(), Programs.options(), LongStopTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withSchedules(schedules)
                .withSeed(seed), Explorer.Progress.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatBelongsToItsCpuIsGoneWhenATaskGoesOn(int seed) {
        Report report = explore(KeepsPage.class, 3_000, seed);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.text()).contains("a page is written to that was given back");
        assertThat(report.switches()).as(report.text()).isLessThan(6);
    }

    @ParameterizedTest
    @ValueSource(ints = 1)
    void aThreadThatLooksAgainMayStopForLong(int seed) {
        Report report = explore(LooksAgain.class, 300, seed);
        assertThat(report.failure()).as(report.text()).isNull();
    }
}
