package org.smp4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Wiring;
import org.smp4j.testing.Snippets;

/** What wires floors of a machine together is marked as not for users, or cannot be reached by them. */
class WiringTest {
    /** Beside the tower: what plays machines without booting them. */
    private static final List<String> PLAYERS = List.of("scenario", "race", "selftest", "weave");

    private static final Pattern WIRES = Pattern.compile(
            "install\\w*|start\\w*|borrow\\w*|giveBack|migrate|initialize|bind|registerEarly"
            + "|retire\\w*|setCpu(Online|Active|Present|Dying|Possible)");

    /** Functions of the kernel that users call, although their names look like wiring. */
    private static final Set<String> OF_THE_KERNEL = Set.of(
            "org.smp4j.sched.Timers.start(long, java.lang.Runnable)", "org.smp4j.sched.Kthread.startOnce()");

    static final ArchRule WHAT_WIRES_IS_MARKED = methods().that().arePublic()
            .and().areDeclaredInClassesThat(DescribedPredicate.describe("are public classes of the tower",
                    type -> ArchitectureTest.TOWER.contains(ArchitectureTest.place(type)) && isPublic(type)))
            .and(DescribedPredicate.describe("look like wiring", WiringTest::looksLikeWiring))
            .should().beAnnotatedWith(Wiring.class).allowEmptyShould(true);

    static final ArchRule ONLY_THE_MACHINE_WIRES = classes().that(DescribedPredicate.describe("stand for users",
            type -> !ArchitectureTest.TOWER.contains(ArchitectureTest.place(type))
                    && !PLAYERS.contains(ArchitectureTest.place(type))))
            .should(new ArchCondition<>("not call what wires the machine") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    Stream.concat(type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                            .filter(WiringTest::isWiring)
                            .forEach(call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
                }
            }).allowEmptyShould(true);

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isInterface()
                && type.getEnclosingClass().map(WiringTest::isPublic).orElse(true);
    }

    private static boolean looksLikeWiring(JavaMethod method) {
        return WIRES.matcher(method.getName()).matches() && !OF_THE_KERNEL.contains(method.getFullName());
    }

    private static boolean isWiring(JavaAccess<?> access) {
        return access.getTarget() instanceof CanBeAnnotated method && method.isAnnotatedWith(Wiring.class);
    }

    @Test
    void whatWiresIsMarked() {
        WHAT_WIRES_IS_MARKED.check(ArchitectureTest.MAIN);
        assertThat(ArchitectureTest.MAIN.stream().flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Wiring.class))).as("marked").hasSizeGreaterThan(20);
    }

    @Test
    void onlyTheMachineWires() {
        ONLY_THE_MACHINE_WIRES.check(ArchitectureTest.MAIN);
    }

    @Test
    void exceptionsExist() {
        assertThat(ArchitectureTest.MAIN.stream().flatMap(type -> type.getMethods().stream())
                .map(JavaMethod::getFullName)).containsAll(OF_THE_KERNEL);
    }

    @Test
    void masksOfTheMachineAreReadOnly() {
        Cpus cpus = new Cpus(2);
        CpuMask other = CpuMask.of(2, 0);
        for (CpuMask mask : List.of(cpus.possible, cpus.present, cpus.online, cpus.active, cpus.dying)) {
            String before = mask.toString();
            List<Runnable> changes = List.of(() -> mask.setCpu(1), () -> mask.clearCpu(0), () -> mask.setCpuPrivate(1),
                    () -> mask.clearCpuPrivate(0), () -> mask.testAndSetCpu(1), () -> mask.testAndClearCpu(0),
                    mask::clear, mask::setAll, () -> mask.copyFrom(other), () -> mask.and(other, other));
            for (Runnable change : changes) {
                assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class);
            }
            assertThat(mask.toString()).isEqualTo(before);
        }
        CpuMask copy = cpus.online.copy();
        copy.clearCpu(1);
        assertThat(copy).isEqualTo(other).isNotEqualTo(cpus.online);
    }

    @Nested
    class RulesCanFail {
        @TempDir
        private Path dir;

        @Test
        void wiringWithoutAMarkIsSeen() throws Exception {
            Snippets snippets = new Snippets(dir);
            snippets.source("sched", "Floor", """
                    public void installTick(Object tick) { }
                    @org.smp4j.lib.Wiring public void installClock(Object clock) { }
                    void installInside(Object inside) { }
                    public void migrate(int dead, int to) { }
                    public static void migrateDisable() { }
                    static class Inner { public void borrow() { } }
                    """);
            snippets.source("torture", "Run", "public void startWorkers() { }");
            snippets.assertBroken(WHAT_WIRES_IS_MARKED, "Floor.installTick", "Floor.migrate(");
        }

        @Test
        void callOfWiringIsSeen() throws Exception {
            Snippets snippets = new Snippets(dir);
            snippets.source("sched", "Floor", """
                    @org.smp4j.lib.Wiring public void borrow() { }
                    public void lend() { borrow(); }
                    """);
            snippets.source("stop", "Above", "void boot(org.smp4j.sched.Floor floor) { floor.borrow(); }");
            snippets.source("scenario", "Player", "void boot(org.smp4j.sched.Floor floor) { floor.borrow(); }");
            snippets.source("junit", "Extension", 
                    "void run(org.smp4j.sched.Floor floor) { floor.lend(); floor.borrow(); }");
            snippets.source("torture", "Run", "Runnable run(org.smp4j.sched.Floor floor) { return floor::borrow; }");
            snippets.assertBroken(ONLY_THE_MACHINE_WIRES, "junit.Extension.run", "torture.Run.run");
        }
    }
}
