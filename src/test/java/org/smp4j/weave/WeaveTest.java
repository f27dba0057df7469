package org.smp4j.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.lib.BootParams;

/** Each kind of edit, on classes made for it and on the tower. */
public class WeaveTest {
    private static final Call NOTE = call(Subject.class, "note");
    private static final Call NOTED = call(Subject.class, "noted");
    private static final Call WIDE = call(Subject.class, "wide");
    private static final Hook MARK_OBJECT = hook(Subject.Hooks.class, "markObject");

    private static Weave in(String method) {
        return Weave.in(Subject.class, method);
    }

    /** Calls a method of a woven subject; what it returns, as text. */
    private static String run(Weave weave, String method, Object... arguments) throws Exception {
        Class<?> woven = weave.load(Subject.class).loadClass(Subject.class.getName());
        Object subject = woven.getConstructor().newInstance();
        Method called = Stream.of(woven.getMethods()).filter(m -> m.getName().equals(method)).findFirst().orElseThrow();
        return called.invoke(subject, arguments).toString();
    }

    private static void refused(Weave weave, String... parts) {
        assertThatThrownBy(() -> weave.load(Subject.class)).isInstanceOf(WeaveException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void withoutEditsNothingChanges() throws Exception {
        assertThat(run(Weave.nothing(), "three")).isEqualTo("[a, b, c]");
        assertThat(run(Weave.nothing(), "accesses")).isEqualTo("1 false 5 8 8");
        assertThat(Weave.nothing().classes()).isEmpty();
        assertThat(Weave.nothing()).hasToString("nothing changed");
    }

    @Nested
    class Ignore {
        @Test
        void readsAFieldAsIfItHadNeverBeenSet() throws Exception {
            assertThat(run(in("accesses").ignore("flag"), "accesses")).isEqualTo("1 false 5 8 0");
            assertThat(run(in("references").ignore("name"), "references")).isEqualTo("old newer null");
        }

        @Test
        void needsARead() {
            refused(in("three").ignore("flag"), "no read of a field flag");
        }
    }

    @Test
    void onlyTheExplorerMakesFieldsOpaque() {
        Weave weave = Weave.opaque("org.smp4j.sched.Task", "state").and(Weave.nothing());
        assertThat(weave.isOpaque("org.smp4j.sched.Task.state")).isTrue();
        assertThat(weave.isOpaque("org.smp4j.sched.Task.cpu")).isFalse();
        assertThat(weave).hasToString("org.smp4j.sched.Task.state is opaque");
        assertThatThrownBy(weave::load).isInstanceOf(WeaveException.class).hasMessageContaining("only the explorer");
    }

    @Nested
    class Drop {
        @Test
        void takesAnyOfSeveralCallsAway() throws Exception {
            assertThat(run(in("three").drop(NOTE.number(2, 3)), "three")).isEqualTo("[a, c]");
            assertThat(run(in("three").drop(NOTE.all(3)), "three")).isEqualTo("[]");
            assertThat(run(in("three").drop(NOTE.number(1, 3)).drop(NOTE.number(3, 3)), "three")).isEqualTo("[b]");
        }

        @Test
        void leavesDefaultsForResults() throws Exception {
            assertThat(run(in("values").drop(NOTED).drop(WIDE).drop(call(Subject.class, "constant")), "values"))
                    .isEqualTo("false 0 null");
        }

        @Test
        void reachesLambdas() throws Exception {
            assertThat(run(in("lambdas").lambdas().drop(NOTE.number(2, 2)), "lambdas")).isEqualTo("constant2[first]");
            assertThat(run(in("lambdas").lambdas().drop(NOTE.all(2)), "lambdas")).isEqualTo("constant2[]");
        }

        @Test
        void reachesOneOfOverloadedMethods() throws Exception {
            assertThat(run(in("over").withDescriptor("(J)Ljava/lang/Object;").drop(NOTE), "over", 1))
                    .isIn("[int]", "[]");
            refused(in("over").drop(NOTE), "overloaded", "(I)Ljava/lang/Object;", "(J)Ljava/lang/Object;");
        }
    }

    @Nested
    class Insert {
        @Test
        void beforeAndAfterCalls() throws Exception {
            assertThat(run(in("three").insert(MARK_OBJECT).before(NOTE.number(2, 3)), "three"))
                    .isEqualTo("[a, hook, b, c]");
            assertThat(run(in("three").insert(MARK_OBJECT).after(NOTE.all(3)), "three"))
                    .isEqualTo("[a, hook, b, hook, c, hook]");
            assertThat(run(in("three").insert(MARK_OBJECT).before(NOTE.number(2, 3)).drop(NOTE.number(2, 3)), "three"))
                    .isEqualTo("[a, hook, c]");
        }

        @Test
        void atEntryAndExit() throws Exception {
            Hook markNumber = hook(Subject.Hooks.class, "markNumber");
            assertThat(run(in("distinct").insert(markNumber).atEntry(), "distinct", 7)).startsWith("[hook 7, one 7,");
            assertThat(run(in("distinct").insert(hook(Subject.Hooks.class, "markUnknown")).atEntry(), "distinct", 7))
                    .startsWith("[unknown 7, one 7,");
            assertThat(run(in("distinct").insert(markNumber).atExit(), "distinct", 7)).endsWith("positive, hook 7]");
            assertThat(run(in("distinct").insert(markNumber).atExit(), "distinct", 0)).endsWith("wide, hook 0]");
        }

        @Test
        void whatThrowsDoesNotExit() {
            Weave weave = in("throwing").insert(hook(Subject.Hooks.class, "mark")).atExit();
            assertThatThrownBy(() -> run(weave, "throwing", 1)).isInstanceOf(InvocationTargetException.class);
            assertThat(Marks.take()).isEmpty();
        }

        @Test
        void hooksMayTakeNothing() throws Exception {
            assertThat(run(in("values").insert(hook(Subject.Hooks.class, "mark")).after(NOTED), "values"))
                    .isEqualTo("true 3 constant");
            assertThat(Marks.take()).containsExactly("mark");
            assertThat(run(in("values").insert(hook(Marks.class, "fromTheParent")).after(NOTED), "values"))
                    .isEqualTo("true 3 constant");
            assertThat(Marks.take()).containsExactly("parent");
        }

        @Test
        void hooksTakeOnlyWhatTheMethodHas() {
            refused(in("three").insert(hook(Subject.Hooks.class, "markNumber"))
                    .atEntry(), "markNumber(Subject,int)void", "which has Subject to give");
            refused(in("<init>").insert(MARK_OBJECT).atEntry(), "has not made yet");
            assertThatThrownBy(() -> hook(Subject.Hooks.class, "hidden")).hasMessageContaining("not public");
            assertThatThrownBy(() -> hook(Subject.Hooks.class, "absent"))
                    .hasMessageContaining("has 0 static methods absent");
            assertThatThrownBy(() -> hook(Booted.class, "boot")).hasMessageContaining("is not public");
        }
    }

    @Nested
    class Replace {
        @Test
        void bySomethingOfTheSameShape() throws Exception {
            assertThat(run(in("values").replace(NOTED).by(hook(Subject.Hooks.class, "refuse")), "values"))
                    .isEqualTo("false 3 constant");
            assertThat(run(in("values").replace(call(Subject.class, "constant")).by(hook(Subject.Hooks.class, "other")),
                    "values")).isEqualTo("true 3 other");
            refused(in("values").replace(NOTED).by(hook(Subject.Hooks.class, "other")), "()String",
                    "(Subject,String)boolean");
        }

        @Test
        void bySomethingThatCannotNameTheReceiver() throws Exception {
            assertThat(run(in("values").replace(NOTED).by(hook(Subject.Hooks.class, "refuseUnknown")), "values"))
                    .isEqualTo("false 3 constant");
            refused(in("values").replace(NOTED).by(hook(Subject.Hooks.class, "ignoreUnknown")),
                    "(Object,Object)void");
        }
    }

    @Nested
    class Move {
        @Test
        void toAnEarlierOrLaterCall() throws Exception {
            assertThat(run(in("three").move(NOTE.number(1, 3)).after(NOTE.number(3, 3)), "three"))
                    .isEqualTo("[b, c, a]");
            assertThat(run(in("three").move(NOTE.number(3, 3)).before(NOTE.number(1, 3)), "three"))
                    .isEqualTo("[c, a, b]");
        }

        @Test
        void withItsArgumentsAndWithoutItsResult() throws Exception {
            assertThat(run(in("distinct").move(NOTED).before(NOTE.number(1, 2)), "distinct", 0))
                    .isEqualTo("[two, one 0, wide]");
            assertThat(run(in("distinct").move(WIDE).before(NOTED), "distinct", 0)).isEqualTo("[one 0, wide, two]");
            assertThat(run(in("distinct").move(NOTE.number(1, 2)).after(WIDE), "distinct", 5))
                    .isEqualTo("[two, wide, one 5, positive]");
        }

        @Test
        void refusesWhatWouldMeanSomethingElse() {
            refused(in("values").move(NOTED).after(WIDE), "can't be moved", "its result is used");
            refused(in("changing").move(WIDE).after(NOTED), "can't be moved", "changes in line");
            refused(in("choosing").move(NOTE).after(NOTED), "can't be moved", "a jump");
            refused(in("three").move(NOTE.number(1, 3)).after(NOTE.number(1, 3)), "is part of it");
            refused(in("three").move(NOTE.all(3)).after(NOTE.number(1, 3)), "one call can be moved");
        }
    }

    @Nested
    class Weaken {
        @Test
        void toAnotherMode() throws Exception {
            assertThat(run(in("accesses").weaken(access("FLAG", "setRelease")).to("set"), "accesses"))
                    .isEqualTo("1 false 5 8 8");
            assertThat(run(in("accesses").weaken(access("FLAG", "getAndSet")).to("getAndSetRelease"), "accesses"))
                    .isEqualTo("1 false 5 8 8");
            assertThat(run(in("atomics").weaken(access("count", "lazySet")).to("setPlain"), "atomics"))
                    .isEqualTo("9 false old new 8 5 10");
            refused(in("accesses").weaken(access("FLAG", "setRelease")).to("getAcquire"), "setRelease in line",
                    "can't become getAcquire");
        }

        @Test
        void exchangesToReadAndWrite() throws Exception {
            assertThat(run(in("accesses").weaken(access("FLAG", "getAndSet")).toReadAndWrite()
                    .weaken(access("FLAG", "getAndAdd")).toReadAndWrite(), "accesses")).isEqualTo("1 false 5 8 8");
            assertThat(run(in("references").weaken(access("NAME", "getAndSet").all(2)).toReadAndWrite(), "references"))
                    .isEqualTo("old newer newer");
            assertThat(run(in("elements").weaken(access("WORDS", "getAndBitwiseOr")).toReadAndWrite(), "elements"))
                    .isEqualTo("2 10 false 3");
            assertThat(run(in("atomics").weaken(access("count", "decrementAndGet")).toReadAndWrite()
                    .weaken(access("reference", "getAndSet")).toReadAndWrite()
                    .weaken(access("array", "addAndGet")).toReadAndWrite().weaken(access("array", "getAndIncrement"))
                    .toReadAndWrite(), "atomics"))
                            .isEqualTo("9 false old new 8 5 10");
            refused(in("accesses").weaken(access("FLAG", "setRelease"))
                    .toReadAndWrite(), "can't become a read and a write");
        }

        @Test
        void comparisonsToBlindWrites() throws Exception {
            assertThat(run(in("accesses").weaken(access("FLAG", "compareAndSet")).toBlindWrite(), "accesses"))
                    .isEqualTo("1 true 7 10 10");
            assertThat(run(in("accesses").weaken(access("FLAG", "compareAndExchange")).toBlindWrite(), "accesses"))
                    .isEqualTo("1 false 5 99 20");
            assertThat(run(in("references").weaken(access("NAME", "compareAndExchange")).toBlindWrite(), "references"))
                    .isEqualTo("old none newest");
            assertThat(run(in("elements").weaken(access("WORDS", "compareAndSet")).toBlindWrite(), "elements"))
                    .isEqualTo("2 10 true 4");
            assertThat(run(in("atomics").weaken(access("count", "compareAndSet")).toBlindWrite(), "atomics"))
                    .isEqualTo("9 true old new 8 5 51");
            refused(in("accesses").weaken(access("FLAG", "getAndSet"))
                    .toBlindWrite(), "only compareAndSet and compareAndExchange can");
        }

        @Test
        void knowsAccessesByTheirField() {
            refused(in("atomics").weaken(access("reference", "decrementAndGet")).toReadAndWrite(), "occurs 0 times");
            refused(in("accesses").weaken(access("NAME", "setRelease")).to("set"), "occurs 0 times");
        }
    }

    @Nested
    class AnEditThatNoLongerFits {
        @Test
        void isAnErrorWhenTheLoaderIsMade() {
            refused(in("three").drop(NOTED), Subject.class.getName() + ".three", "drop the call to "
                    + Subject.class.getName() + ".noted", "occurs 0 times");
            refused(in("three").drop(NOTE), "occurs 3 times [line ", "where 1 is expected");
            refused(in("three").drop(NOTE.number(2, 4)), "number 2 of 4", "occurs 3 times");
            refused(in("three").drop(NOTE.all(2)), "where 2 are expected");
            refused(in("three").drop(NOTE.withDescriptor("()V").all(3)), "occurs 0 times");
            refused(in("absent").drop(NOTE), "there is no such code");
            refused(in("three").lambdas().drop(NOTE), "the lambdas of", "there is no such code");
            refused(Weave.in("org.smp4j.cpu.Absent", "run").drop(NOTE), "there is no class org.smp4j.cpu.Absent");
            refused(Weave.in(WeaveTest.class, "run").drop(NOTE), "neither in the tower nor a scenario");
            refused(in("three").drop(NOTE.number(1, 3)).drop(NOTE.all(3)), "two edits remove or replace the same code");
        }

        @Test
        void isAnErrorWhereACallMakesAnObject() {
            refused(in("<init>").drop(call("java.util.ArrayList", "<init>")), "constructor");
        }

        @Test
        void anEditWithoutAMethodIsRefusedAtOnce() {
            assertThatThrownBy(() -> Weave.nothing().drop(NOTE)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> NOTE.number(3, 2)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The tower with a piece taken away. */
    @Nested
    class OnTheTower {
        @Test
        void aWovenMachineIsAnotherOne() {
            String mine = Booted.boot();
            assertThat(Weave.nothing().load(Booted.class).make(Scenario.class, Booted.class).get()).isEqualTo(mine);
        }

        @Test
        void aDroppedUnlockIsFelt() {
            Weave weave = Weave.in(Smp.class, "genericExecSingle").drop(call(Csd.class, "unlock").all(2));
            assertThat(weave.load(Booted.class).make(Scenario.class, Booted.class).get()).isEqualTo("0 then -16");
            assertThat(Weave.nothing().load(Booted.class).make(Scenario.class, Booted.class).get())
                    .isEqualTo("0 then 0");
        }

        @Test
        void whatIsSharedMustNotBeLoadedTwice() {
            WeavingLoader loader = Weave.nothing().load(Booted.class);
            assertThatThrownBy(() -> loader.make(Booted.class, Booted.class)).hasMessageContaining("is loaded twice");
            assertThatThrownBy(() -> loader.make(Hidden.class, Unnamed.class)).hasMessageContaining("is not public");
            assertThatThrownBy(() -> loader.make(Scenario.class, Unnamed.class))
                    .hasMessageContaining("name it as a scenario");
        }

        @Test
        void packagePrivateClassesAndLambdasAreReached() {
            Weave weave = Weave.in("org.smp4j.stop.MultiStop", "run").drop(call("org.smp4j.cpu.Cpu", "irqSave"))
                    .andIn("org.smp4j.stop.StopMachine", "<init>").lambdas()
                    .drop(call("org.smp4j.stop.CpuStopper", "run"))
                    .andIn("org.smp4j.lib.CpuMask", "testAndClearCpu").weaken(access("WORDS", "getAndBitwiseAnd"))
                    .toReadAndWrite();
            assertThat(weave.load(Booted.class).make(Scenario.class, Booted.class).get()).isEqualTo("0 then 0");
            assertThat(weave.classes()).hasSize(3);
        }
    }

    /** What a scenario and its caller share. */
    public interface Scenario extends Supplier<String> {
    }

    interface Hidden {
    }

    abstract static class Unnamed implements Scenario, Hidden {
    }

    /** Sends the same csd twice to its own CPU. */
    static final class Booted implements Scenario {
        @Override
        public String get() {
            return boot();
        }

        static String boot() {
            StringBuilder results = new StringBuilder();
            try (Machine machine = Machine.boot(BootParams.cpus(2))) {
                machine.run(0, () -> {
                    Csd csd = new Csd(_ -> { }, null);
                    results.append(machine.smp().smpCallFunctionSingleAsync(0, csd)).append(" then ");
                    results.append(machine.smp().smpCallFunctionSingleAsync(0, csd));
                });
            }
            return results.toString();
        }
    }
}
