package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.at;
import static org.smp4j.testing.Players.until;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.testing.Players;

class CompletionTest {
    private final Cpus cpus = new Cpus(4);
    private final Completion completion = new Completion();

    @Test
    void eachCompleteLetsOneGo() {
        at(cpus.cpu(0), () -> {
            assertThat(completion.completionDone()).isFalse();
            assertThat(completion.tryWaitForCompletion()).isFalse();
            completion.complete();
            completion.complete();
            assertThat(completion.completionDone()).isTrue();
            completion.waitForCompletion();
            assertThat(completion.waitForCompletionTimeout(0)).as("done before, so no time is needed").isTrue();
            assertThat(completion.completionDone()).isFalse();
            assertThat(completion.tryWaitForCompletion()).isFalse();
        });
    }

    @Test
    void completeAllReleasesEveryWaiterForever() {
        at(cpus.cpu(0), () -> {
            completion.complete();
            completion.completeAll();
            completion.complete();
            for (int i = 0; i < 100; i++) {
                assertThat(completion.tryWaitForCompletion()).isTrue();
                completion.waitForCompletion();
            }
            assertThat(completion.completionDone()).isTrue();
            completion.reinit();
            assertThat(completion.completionDone()).isFalse();
            assertThat(completion.tryWaitForCompletion()).isFalse();
        });
    }

    @Test
    void aWaitThatTimesOutTakesNothing() {
        at(cpus.cpu(0), () -> {
            assertThat(completion.waitForCompletionTimeout(0)).isFalse();
            assertThat(completion.waitForCompletionTimeout(TimeUnit.MILLISECONDS.toNanos(2))).isFalse();
            completion.complete();
            assertThat(completion.waitForCompletionTimeout(TimeUnit.HOURS.toNanos(1))).isTrue();
        });
    }

    @Test
    void aWaiterThatTimedOutIsNotInTheWay() throws InterruptedException {
        AtomicInteger stage = new AtomicInteger();
        new Players(cpus).cpu(0, cpu -> {
            assertThat(completion.waitForCompletionTimeout(1000)).isFalse();
            stage.set(1);
        }).cpu(1, cpu -> {
            until(() -> stage.get() == 1);
            stage.set(2);
            completion.waitForCompletion();
            stage.set(4);
        }).cpu(2, cpu -> {
            until(() -> stage.get() == 2);
            completion.complete();
            until(() -> stage.get() == 4);
        }).run();
    }

    @Test
    void waitersAreServedInTheOrderInWhichTheyCame() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Queue<Integer> woken = new ConcurrentLinkedQueue<>();
            AtomicInteger asleep = new AtomicInteger();
            Players players = new Players(cpus);
            for (int id = 0; id < 3; id++) {
                int place = id;
                players.cpu(place, cpu -> {
                    until(() -> asleep.get() == place);
                    new Blocker(Waiter.current(), asleep).waitFor(completion);
                    woken.add(place);
                });
            }
            players.cpu(3, cpu -> {
                until(() -> asleep.get() == 3);
                for (int i = 1; i <= 3; i++) {
                    int expected = i;
                    completion.complete();
                    until(() -> woken.size() == expected);
                }
            }).run();
            assertThat(woken).containsExactly(0, 1, 2);
        }
    }

    /** A waiter that tells when it blocks: then it is queued. */
    private record Blocker(Waiter real, AtomicInteger asleep) implements Waiter {
        void waitFor(Completion completion) {
            FOREIGN.set(this);
            try {
                completion.waitForCompletion();
            } finally {
                FOREIGN.set(real);
            }
        }

        @Override
        public int atomicBegin() {
            return real.atomicBegin();
        }

        @Override
        public void atomicEnd(int flags) {
            real.atomicEnd(flags);
        }

        @Override
        public void relax(int turn) {
            real.relax(turn);
        }

        @Override
        public void block() {
            asleep.incrementAndGet();
            real.block();
        }

        @Override
        public void blockUntil(long deadline) {
            real.blockUntil(deadline);
        }

        @Override
        public void wake() {
            real.wake();
        }
    }

    @Test
    void completeAllWakesAllWaiters() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            Completion all = new Completion();
            new Players(cpus).cpu(0, cpu -> all.waitForCompletion()).cpu(1, cpu -> all.waitForCompletion())
                    .cpu(2, cpu -> all.completeAll()).run();
        }
    }

    @Test
    void inAStormEveryCompletionLetsExactlyOneGoAndWhatWasWrittenBeforeIsSeen() throws InterruptedException {
        int rounds = 5_000;
        AtomicInteger gone = new AtomicInteger();
        AtomicInteger unseen = new AtomicInteger();
        int[] written = new int[2];
        Completion[] answered = {new Completion(), new Completion()};
        Completion[] asked = {new Completion(), new Completion()};
        Players players = new Players(cpus);
        for (int pair = 0; pair < 2; pair++) {
            int own = pair;
            players.cpu(2 * own, cpu -> {
                for (int i = 1; i <= rounds; i++) {
                    written[own] = i;
                    asked[own].complete();
                    answered[own].waitForCompletion();
                }
            }).cpu(2 * own + 1, cpu -> {
                for (int i = 1; i <= rounds; i++) {
                    asked[own].waitForCompletion();
                    unseen.addAndGet(written[own] == i ? 0 : 1);
                    gone.incrementAndGet();
                    answered[own].complete();
                }
            });
        }
        players.run();
        assertThat(gone).hasValue(2 * rounds);
        assertThat(unseen).hasValue(0);
    }

    @Test
    void completingLeavesCountAndIrqsAlone() {
        at(cpus.cpu(0), () -> {
            boolean flags = LocalIrq.save();
            Preempt.disable();
            completion.complete();
            completion.completeAll();
            assertThat(List.of(Preempt.count(), LocalIrq.disabled())).isEqualTo(List.of(1, true));
            Preempt.enable();
            LocalIrq.restore(flags);
            completion.complete();
            assertThat(Preempt.count()).isZero();
            assertThat(Cpu.current().irqsDisabled()).isFalse();
        });
    }

    @Test
    void onlyACpuMayWait() {
        assertThatIllegalStateException().isThrownBy(completion::waitForCompletion)
                .withMessage(Thread.currentThread().getName() + " sits on no CPU");
    }

    @Test
    void aWaitEndsWhenTheMachineDoes() throws InterruptedException {
        AtomicInteger aborted = new AtomicInteger();
        Cpus machine = new Cpus(2);
        Thread waiter = new Thread(() -> {
            try {
                at(machine.cpu(0), completion::waitForCompletion);
            } catch (Aborted e) {
                aborted.incrementAndGet();
            }
        });
        waiter.setDaemon(true);
        waiter.start();
        machine.lifetime.close();
        waiter.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(aborted).as("%s", (Object) waiter.getStackTrace()).hasValue(1);
    }
}
