package org.smp4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.testing.Snippets;

/** The house of floors, and what the tower does without: other people's libraries and mutable static state. */
class ArchitectureTest {
    static final String HOUSE = "org.smp4j";
    private static final String ROOT = "(root)";

    /** Lowest first: each imports only what stands before it. */
    static final List<String> TOWER = List.of("lib", "cpu", "call", "sched", "stop", "hotplug", ROOT);
    private static final List<String> BESIDE =
            List.of("trace", "explore", "scenario", "race", "torture", "selftest", "fuzz", "litmus", "linear", "junit",
            "weave", "page", "campaign", "cli");

    /** The packages of the explorer, lowest first: each imports only those before it. The empty name is its root. */
    private static final List<String> ROOMS = List.of("model", "run", "memory", "coroutine", "environment", "detect",
            "strategy", "search", "engine", "hooks", "loaders", "shadow", "instrument.shadow", "instrument.call",
            "instrument.code", "instrument", "report", "replay", "repair", "");
    private static final int MOST_CLASSES = 15;

    /**
     * Packages beside the tower with more files. Those of the gallery have a file for each race; the others don't
     * divide without a circle, or not without making classes public that only their package uses.
     */
    private static final List<String> CROWDED = List.of("fuzz.grammar", "fuzz.production",
            "race.gallery.call", "race.gallery.stop", "torture");

    static final ArchRule EVERY_CLASS_OF_EXPLORE_HAS_A_ROOM = classes().should(condition(
            "stand in a known room of explore", (type, events) -> {
                if (place(type).equals("explore") && !ROOMS.contains(room(type))) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is in an unknown room"));
                }
            })).allowEmptyShould(true);

    static final ArchRule ROOMS_IMPORT_DOWNWARDS = classes().should(condition(
            "never depend on a room of explore above", (type, events) -> {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (place(type).equals("explore") && isOurs(target) && place(target).equals("explore")
                            && ROOMS.indexOf(room(target)) > ROOMS.indexOf(room(type))) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            })).allowEmptyShould(true);

    static final ArchRule ROOMS_ARE_SMALL = classes().that(DescribedPredicate.describe("are in explore",
            type -> place(type).equals("explore"))).should(standInSmallPackages()).allowEmptyShould(true);

    static final ArchRule PACKAGES_BESIDE_THE_TOWER_ARE_SMALL = classes().that(DescribedPredicate.describe(
            "are beside the tower", type -> isBeside(type) && !CROWDED.contains(below(type))))
            .should(standInSmallPackages()).allowEmptyShould(true);

    static final ArchRule PACKAGES_BESIDE_THE_TOWER_FORM_NO_CIRCLE = slices().assignedFrom(slicesOf(
            "packages beside the tower", ArchitectureTest::isBeside, ArchitectureTest::below))
            .should().beFreeOfCycles().allowEmptyShould(true);

    static final ArchRule EVERY_CLASS_HAS_ITS_PLACE = classes().should(condition("stand on a floor or beside the tower",
            (type, events) -> {
                if (!TOWER.contains(place(type)) && !BESIDE.contains(place(type))) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is in an unknown package"));
                }
            })).allowEmptyShould(true);

    static final ArchRule FLOORS_IMPORT_DOWNWARDS = classes().that(areInTheTower()).should(
            neverDependOn("a floor above, or beside the tower", (from, to) -> !isBelowOrSame(from, to)))
            .allowEmptyShould(true);

    static final ArchRule EXPLORE_NEVER_IMPORTS_THE_TOWER = classes().should(
            neverDependOn("the tower, from explore", (from, to) -> from.equals("explore") && TOWER.contains(to)))
            .allowEmptyShould(true);

    static final ArchRule NOTHING_IMPORTS_CLI = classes().should(
            neverDependOn("cli", (from, to) -> to.equals("cli") && !from.equals("cli")
            || to.equals("campaign") && !from.equals("cli") && !from.equals("campaign"))).allowEmptyShould(true);

    static final ArchRule ONLY_JUNIT_IMPORTS_JUNIT = classes()
            .that(DescribedPredicate.describe("are not in junit", type -> !place(type).equals("junit")))
            .should(condition("do without JUnit, which a user may not have", (type, events) -> {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    if (dependency.getTargetClass().getName().startsWith("org.junit.")
                            || place(dependency.getTargetClass()).equals("junit")) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            })).allowEmptyShould(true);

    /** The libraries of the command line and of campaigns are not on the class path of a user's tests. */
    static final ArchRule ONLY_CLI_NEEDS_ITS_LIBRARIES = classes()
            .that(DescribedPredicate.describe("are not in cli or campaign", type -> !place(type).equals("cli")
                    && !place(type).equals("campaign")))
            .should(condition("do without libraries", (type, events) -> {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    String name = target.getName();
                    boolean isWithUsers = target.isPrimitive() || isOurs(target)
                            || Stream.of("java.", "jdk.internal.vm.", "jdk.jfr.", "org.junit.")
                            .anyMatch(name::startsWith);
                    boolean isOfHistograms = name.startsWith("org.HdrHistogram.") && (place(type).equals("page")
                            || type.getPackageName().endsWith(".torture.record"));
                    if (!isWithUsers && !isOfHistograms
                            && !(place(type).equals("torture") && name.startsWith("org.jctools."))
                            && !(place(type).equals("page") && name.startsWith("com.samskivert."))) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            })).allowEmptyShould(true);

    static final ArchRule CLASSES_OF_THE_ROOT_FORM_NO_CIRCLE = slices().assignedFrom(slicesOf(
            "classes of the root package", type -> place(type).equals(ROOT), type -> outermost(type).getSimpleName()))
            .should().beFreeOfCycles().allowEmptyShould(true);

    static final ArchRule TOWER_NEEDS_ONLY_THE_JDK = classes().that(areInTheTower()).should(condition(
            "depend only on java.* and " + HOUSE, (type, events) -> {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!target.isPrimitive() && !target.getName().startsWith("java.") && !isOurs(target)) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            })).allowEmptyShould(true);

    static final ArchRule TOWER_HAS_NO_MUTABLE_STATICS = fields().that().areStatic()
            .and(DescribedPredicate.describe("are not the compiler's",
                    field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)))
            .and().areDeclaredInClassesThat(areInTheTower())
            .should(new ArchCondition<>("be final and of a type that cannot change") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
                    if (!isFinal || !cannotChange(field.getRawType(), new HashSet<>())) {
                        events.add(SimpleConditionEvent.violated(field, field.getFullName() + " may change: "
                                + field.getRawType().getName()));
                    }
                }
            }).allowEmptyShould(true);

    /** Types of the JDK that a static field of the tower may have. */
    private static final Set<String> CONSTANT_TYPES = Set.of("java.lang.String", "java.lang.Class",
            "java.lang.Boolean", "java.lang.Integer", "java.lang.Long", "java.lang.ThreadLocal",
            "java.time.Duration", "java.util.regex.Pattern",
            "java.lang.invoke.VarHandle", "java.lang.invoke.MethodHandle", "java.lang.invoke.MethodType",
            "java.lang.invoke.MethodHandles$Lookup",
            "java.lang.foreign.Linker", "java.lang.foreign.SymbolLookup", "java.lang.foreign.FunctionDescriptor");

    private static final Set<String> STATELESS_PARENTS =
            Set.of("java.lang.Object", "java.lang.Record", "java.lang.Enum");

    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(HOUSE);

    @Test
    void everyClassHasItsPlace() {
        EVERY_CLASS_HAS_ITS_PLACE.check(MAIN);
    }

    @Test
    void floorsImportDownwardsOnly() {
        FLOORS_IMPORT_DOWNWARDS.check(MAIN);
    }

    @Test
    void exploreNeverImportsTheTower() {
        EXPLORE_NEVER_IMPORTS_THE_TOWER.check(MAIN);
    }

    @Test
    void everyClassOfExploreHasARoom() {
        EVERY_CLASS_OF_EXPLORE_HAS_A_ROOM.check(MAIN);
    }

    @Test
    void roomsImportDownwardsOnly() {
        ROOMS_IMPORT_DOWNWARDS.check(MAIN);
    }

    @Test
    void roomsAreSmall() {
        ROOMS_ARE_SMALL.check(MAIN);
    }

    @Test
    void packagesBesideTheTowerAreSmall() {
        PACKAGES_BESIDE_THE_TOWER_ARE_SMALL.check(MAIN);
        assertThat(CROWDED).allSatisfy(crowded -> assertThat(MAIN.stream()
                .filter(type -> isBeside(type) && below(type).equals(crowded) && !isPackageInfo(type))
                .map(ArchitectureTest::file).distinct()).as(crowded).hasSizeGreaterThan(MOST_CLASSES));
    }

    @Test
    void packagesBesideTheTowerFormNoCircle() {
        PACKAGES_BESIDE_THE_TOWER_FORM_NO_CIRCLE.check(MAIN);
    }

    @Test
    void nothingImportsCli() {
        NOTHING_IMPORTS_CLI.check(MAIN);
    }

    @Test
    void onlyJunitImportsJunit() {
        ONLY_JUNIT_IMPORTS_JUNIT.check(MAIN);
    }

    @Test
    void onlyCliNeedsItsLibraries() {
        ONLY_CLI_NEEDS_ITS_LIBRARIES.check(MAIN);
    }

    @Test
    void classesOfTheRootFormNoCircle() {
        CLASSES_OF_THE_ROOT_FORM_NO_CIRCLE.check(MAIN);
    }

    @Test
    void towerNeedsOnlyTheJdk() {
        TOWER_NEEDS_ONLY_THE_JDK.check(MAIN);
    }

    @Test
    void towerHasNoMutableStatics() {
        TOWER_HAS_NO_MUTABLE_STATICS.check(MAIN);
    }

    /** Every rule against classes that break it, and against their harmless twins. */
    @Nested
    class RulesCanFail {
        @TempDir
        private Path dir;

        private Snippets snippets;

        @BeforeEach
        void begin() {
            snippets = new Snippets(dir);
        }

        @Test
        void strayPackageIsSeen() throws Exception {
            snippets.source("extra", "Stray", "");
            snippets.assertBroken(EVERY_CLASS_HAS_ITS_PLACE, "extra.Stray");
            assertThat(snippets.violations(FLOORS_IMPORT_DOWNWARDS)).isEmpty();
        }

        @Test
        void importUpwardsIsSeen() throws Exception {
            snippets.source("lib", "Low", "org.smp4j.stop.High[] high;");
            snippets.source("stop", "High", "org.smp4j.lib.Low low; org.smp4j.cpu.Mid mid;");
            snippets.source("cpu", "Mid", "void call() { org.smp4j.Top.boot(); }");
            snippets.source("", "Top", "public static void boot() { } org.smp4j.trace.Beside beside;");
            snippets.source("trace", "Beside", "org.smp4j.Top top;");
            snippets.assertBroken(FLOORS_IMPORT_DOWNWARDS, "lib.Low.high", "cpu.Mid.call", "Top.beside");
        }

        @Test
        void libraryOutsideOfCliIsSeen() throws Exception {
            snippets.source("cli", "Main", "picocli.CommandLine line;");
            snippets.source("junit", "Extension", "org.junit.jupiter.api.Test test; picocli.CommandLine[] lines;");
            snippets.source("torture", "Run", "org.jctools.queues.MpscLinkedQueue<String> queue; String[][] strings;");
            snippets.source("scenario", "Links", "org.jctools.queues.MpscLinkedQueue<String> queue; int[] ints;");
            snippets.assertBroken(ONLY_CLI_NEEDS_ITS_LIBRARIES, "junit.Extension.lines", "scenario.Links.queue");
        }

        @Test
        void circleInTheRootIsSeen() throws Exception {
            snippets.source("", "First", "class Inner { Second second; } static class Nested { Inner inner; }");
            snippets.source("", "Second", "Third third;");
            snippets.source("", "Third", "void call() { Object inner = new First.Nested(); }");
            snippets.source("", "Fourth", "First first; Fourth self;");
            snippets.assertBroken(CLASSES_OF_THE_ROOT_FORM_NO_CIRCLE, "First");
        }

        @Test
        void explorerThatImportsTheTowerIsSeen() throws Exception {
            snippets.source("lib", "Low", "");
            snippets.source("trace", "Beside", "org.smp4j.lib.Low low;");
            snippets.source("explore", "Engine", "org.smp4j.lib.Low low;");
            snippets.assertBroken(EXPLORE_NEVER_IMPORTS_THE_TOWER, "explore.Engine.low");
        }

        @Test
        void strayRoomIsSeen() throws Exception {
            snippets.source("explore.attic", "Stray", "");
            snippets.source("explore.engine", "Placed", "");
            snippets.assertBroken(EVERY_CLASS_OF_EXPLORE_HAS_A_ROOM, "explore.attic.Stray");
        }

        @Test
        void importFromARoomAboveIsSeen() throws Exception {
            snippets.source("explore.model", "Low", "org.smp4j.explore.search.High[] high;");
            snippets.source("explore.search", "High", "org.smp4j.explore.model.Low low; org.smp4j.explore.Top top;");
            snippets.source("explore", "Top", "org.smp4j.explore.search.High high;");
            snippets.assertBroken(ROOMS_IMPORT_DOWNWARDS, "explore.model.Low.high", "explore.search.High.top");
        }

        @Test
        void crowdedRoomIsSeen() throws Exception {
            for (int i = 0; i <= MOST_CLASSES; i++) {
                snippets.source("explore.detect", "File" + i, "class Nested { }");
            }
            snippets.assertBroken(ROOMS_ARE_SMALL, "explore.detect has 16 files");
        }

        @Test
        void crowdedPackageIsSeen() throws Exception {
            for (int i = 0; i <= MOST_CLASSES; i++) {
                snippets.source("cli.races", "File" + i, "class Nested { }");
                snippets.source("torture", "File" + i, "");
                snippets.source("lib", "File" + i, "");
            }
            for (int i = 0; i < MOST_CLASSES; i++) {
                snippets.source("cli", "File" + i, "class Nested { }");
            }
            snippets.assertBroken(PACKAGES_BESIDE_THE_TOWER_ARE_SMALL, "cli.races has 16 files");
        }

        /** Also one between a package and one below it; that of the tower is allowed. */
        @Test
        void circleOfPackagesIsSeen() throws Exception {
            snippets.source("cli", "Main", "Class<?> command = org.smp4j.cli.races.RacesCommand.class;");
            snippets.source("cli.races", "RacesCommand", "org.smp4j.cli.output.Json[] json; int ok = 0;");
            snippets.source("cli.output", "Json", "org.smp4j.lib.Low low;");
            snippets.source("lib", "Low", "org.smp4j.cpu.Mid mid;");
            snippets.source("cpu", "Mid", "org.smp4j.lib.Low low;");
            assertThat(snippets.violations(PACKAGES_BESIDE_THE_TOWER_FORM_NO_CIRCLE)).isEmpty();
            snippets.source("cli.output", "Json", "void print() { new org.smp4j.cli.Main(); }");
            snippets.assertBroken(PACKAGES_BESIDE_THE_TOWER_FORM_NO_CIRCLE, "Slice cli -> ");
        }

        @Test
        void importOfCliIsSeen() throws Exception {
            snippets.source("cli", "Main", "org.smp4j.cli.Main self;");
            snippets.source("torture", "Run", "org.smp4j.cli.Main main;");
            snippets.assertBroken(NOTHING_IMPORTS_CLI, "torture.Run.main");
        }

        @Test
        void libraryInTheTowerIsSeen() throws Exception {
            snippets.source("torture", "Run", "org.junit.jupiter.api.Test test;");
            snippets.source("sched", "Task",
                    "org.junit.jupiter.api.Test test; int[] ints; String[][] strings; Task[] tasks;");
            snippets.assertBroken(TOWER_NEEDS_ONLY_THE_JDK, "sched.Task.test");
        }

        @Test
        void mutableStaticsAreSeen() throws Exception {
            snippets.source("lib", "Statics", """
                    static int notFinal;
                    static final int[] array = {};
                    static final java.util.List<String> list = java.util.List.of();
                    static final java.util.concurrent.atomic.AtomicInteger atomic = null;
                    static final Object object = new Object();
                    static final Holder holder = null;
                    static final Tally tally = null;
                    static final Bag bag = null;
                    static final Grown grown = null;

                    static class Holder { int state; }
                    static final class Tally { final java.util.concurrent.atomic.LongAdder adder = null; }
                    record Bag(java.util.ArrayList<String> things) { }
                    static class Grown extends Holder { }
                    """);
            snippets.assertBroken(TOWER_HAS_NO_MUTABLE_STATICS, ".notFinal", ".array", ".list", ".atomic", ".object",
                    ".holder", ".tally", ".bag", ".grown");
        }

        @Test
        void constantsAreLetThrough() throws Exception {
            snippets.source("lib", "Constants", """
                    static final int number = 1;
                    static final String string = "";
                    static final java.lang.invoke.VarHandle handle = null;
                    static final ThreadLocal<String> local = new ThreadLocal<>();
                    static final Site site = null;
                    static final Step step = Step.DOWN;
                    static final Table table = null;
                    static final Func func = x -> { };

                    record Site(String file, int line, Site next) { }
                    enum Step {
                        UP { int sign() { return 1; } }, DOWN { int sign() { return -1; } };
                        private final int bit = 1 << ordinal();
                        abstract int sign();
                    }
                    static final class Table { private final Step[] steps = Step.values(); }
                    @FunctionalInterface interface Func { void call(Object info); }

                    static boolean up(Step step) {
                        assert step != null;
                        return switch (step) { case UP -> true; case DOWN -> false; };
                    }
                    """);
            assertThat(snippets.violations(TOWER_HAS_NO_MUTABLE_STATICS)).isEmpty();
        }
    }

    /** Where a class of ours stands: the name of its floor or of what is beside the tower; "" for a class of others. */
    static String place(JavaClass type) {
        if (!isOurs(type)) {
            return "";
        }
        String below = type.getPackageName().substring(HOUSE.length());
        return below.isEmpty() ? ROOT : below.split("\\.")[1];
    }

    /** The package of a class of ours, without the part that all have. */
    private static String below(JavaClass type) {
        return type.getPackageName().substring(HOUSE.length()).replaceFirst("^\\.", "");
    }

    private static boolean isBeside(JavaClass type) {
        return isOurs(type) && !TOWER.contains(place(type));
    }

    private static boolean isPackageInfo(JavaClass type) {
        return type.getSimpleName().equals("package-info");
    }

    /** The class that the file of a class is named after. */
    private static String file(JavaClass type) {
        return type.getName().replaceAll("[$].*", "");
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    /** In which room of explore a class stands. */
    private static String room(JavaClass type) {
        String below = type.getPackageName().substring((HOUSE + ".explore").length());
        return below.isEmpty() ? "" : below.substring(1);
    }

    static boolean isOurs(JavaClass type) {
        return (type.getPackageName() + ".").startsWith(HOUSE + ".");
    }

    private static boolean isBelowOrSame(String from, String to) {
        return TOWER.contains(to) && TOWER.indexOf(to) <= TOWER.indexOf(from);
    }

    private static DescribedPredicate<JavaClass> areInTheTower() {
        return DescribedPredicate.describe("are in the tower", type -> TOWER.contains(place(type)));
    }

    /** Forbids dependencies between two places of ours that the predicate, given from and to, picks out. */
    private static ArchCondition<JavaClass> neverDependOn(String what, BiPredicate<String, String> forbidden) {
        return condition("never depend on " + what, (type, events) -> {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(target) && forbidden.test(place(type), place(target))) {
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                }
            }
        });
    }

    /** Counts the files of each package, those that only say what it is for left out. */
    private static ArchCondition<JavaClass> standInSmallPackages() {
        return new ArchCondition<>("stand in packages of " + MOST_CLASSES + " files at most") {
            private final Map<String, Set<String>> files = new TreeMap<>();

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isPackageInfo(type)) {
                    files.computeIfAbsent(below(type), _ -> new TreeSet<>()).add(file(type));
                }
            }

            @Override
            public void finish(ConditionEvents events) {
                files.forEach((name, names) -> {
                    if (names.size() > MOST_CLASSES) {
                        events.add(SimpleConditionEvent.violated(names,
                                name + " has " + names.size() + " files: " + names));
                    }
                });
                files.clear();
            }
        };
    }

    /** Slices of the classes that a predicate picks out, by a name that a function gives. */
    private static SliceAssignment slicesOf(String what, Predicate<JavaClass> which, Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return which.test(type) ? SliceIdentifier.of(name.apply(type)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return what;
            }
        };
    }

    private static ArchCondition<JavaClass> condition(String what, BiConsumer<JavaClass, ConditionEvents> check) {
        return new ArchCondition<>(what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.accept(type, events);
            }
        };
    }

    /** Whether what a final field of this type leads to stays as it is. An array never does, in a static field. */
    private static boolean cannotChange(JavaClass type, Set<JavaClass> visited) {
        if (type.isPrimitive() || CONSTANT_TYPES.contains(type.getName())
                || type.isAssignableTo("java.lang.foreign.MemoryLayout")) {
            return true;
        }
        if (!isOurs(type)) {
            return type.isEnum();
        }
        if (type.isInterface()) {
            return type.isAnnotatedWith(FunctionalInterface.class);
        }
        return !visited.add(type) || hasOnlyConstantFields(type, visited);
    }

    /** An immutable class of ours may keep arrays: that it does not change them or hand them out is for its reader. */
    private static boolean hasOnlyConstantFields(JavaClass type, Set<JavaClass> visited) {
        JavaClass parent = type.getRawSuperclass().orElseThrow();
        boolean parentHasNone = STATELESS_PARENTS.contains(parent.getName());
        return (parentHasNone || isOurs(parent) && cannotChange(parent, visited)) && type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL)
                        && cannotChange(field.getRawType().getBaseComponentType(), visited));
    }
}
