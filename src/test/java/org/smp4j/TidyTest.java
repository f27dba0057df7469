package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style of the sources, as far as a plain reading can tell. Each rule is a function from a file to its faults. */
class TidyTest {
    private static final int MAX_LINES = 400;
    private static final int MAX_CODE_LINES = 300;
    private static final Pattern NO_CODE = Pattern.compile("\\s*(//.*|/?\\*.*|import .*|package .*|[{}]*)");
    private static final int MAX_COLUMNS = 120; // as .editorconfig says
    private static final List<String> LABELS = List.of("Written by:", "Read by:", "Ordering:");

    private static final Pattern TOWER =
            Pattern.compile("src/main/java/org/smp4j/((lib|cpu|call|sched|stop|hotplug)/(.+/)?)?[^/]+\\.java");
    private static final Pattern TOP_LEVEL = Pattern.compile(
            "^(?:package|(?:(?!package)[a-z-]+ )*(?:class|interface|enum|record|@interface)) [\\w.]+",
            Pattern.MULTILINE);
    private static final Pattern COUNTERPART = Pattern.compile("mirrors [^.]*\\{@code |no kernel counterpart");
    private static final Pattern HANDLE =
            Pattern.compile("(?:[fF]ieldVarHandle|find(?:Static)?VarHandle|newUpdater)\\s*\\([^\"]{0,200}\"(\\w+)\"");
    private static final Pattern ARRAY_HANDLE = Pattern.compile("arrayElementVarHandle\\((\\w+\\[\\])\\.class");
    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);
    private static final Pattern TYPE_BODY = Pattern.compile("\\b(?:class|interface|enum|record)\\s+\\w");
    private static final Pattern DECLARATION =
            Pattern.compile("\\s*[\\w.]+[\\w.\\s<>\\[\\]?,&]*[\\s>\\]](\\w+)\\s*");
    private static final Pattern VOLATILE = Pattern.compile("\\bvolatile\\b");
    private static final Pattern ANNOTATION_LINE = Pattern.compile("(?m)^@.*\\n");
    private static final Pattern ANNOTATION = Pattern.compile("@(?!interface)[\\w.]+\\s*(?:\\([^()]*\\))?");

    /** Absolute paths, but for those that every Linux has and for resources. */
    private static final Pattern MACHINE_PATH = Pattern.compile(
            "(?<=[\\s\"'`=(])/(?!(?:bin|dev|etc|proc|sys|usr/bin|META-INF|org)/)\\w[\\w.-]*/\\w|\\b[A-Z]:\\\\\\w");
    /** What is visible there; {@code target} and what the command line writes are no part of the project. */
    private static final Pattern TOP =
            Pattern.compile("LICENSE|README\\.md|pom\\.xml|src|stress|target|.*\\.(token|html)");
    /** Put together from halves, so that this file passes its own rule. */
    private static final Pattern LEFTOVER =
            Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled");
    private static final String SLEEP = "Thread.sl" + "eep(";

    @Test
    void towerClassesNameTheirCounterpart() throws IOException {
        assertThat(inTree(TidyTest::withoutCounterpart, "src/main/java")).isEmpty();
    }

    @Test
    void sharedFieldsStateTheirWritersReadersAndOrdering() throws IOException {
        assertThat(inTree(TidyTest::sharedFieldsWithoutLabels, "src/main/java")).isEmpty();
    }

    @Test
    void nothingIsLeftLyingAbout() throws IOException {
        assertThat(inTree(TidyTest::leftovers, "src", "stress", ".ci", ".github", "pom.xml")).isEmpty();
    }

    @Test
    void filesAreShort() throws IOException {
        assertThat(inTree(TidyTest::tooLong, "src/main/java")).isEmpty();
    }

    @Test
    void linesAreNarrow() throws IOException {
        assertThat(inTree(TidyTest::tooWide, "src/main/java", "src/test/java", "stress")).isEmpty();
    }

    @Test
    void topLevelIsWhatItWas() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            assertThat(strays(files.map(Path::toString))).isEmpty();
        }
    }

    @Test
    void strayFileAtTheTopLevelIsSeen() {
        assertThat(strays(Stream.of("pom.xml", "src", ".git", "target", "run.token", "run.html", "notes.txt", "docs")))
                .containsExactly("docs", "notes.txt");
    }

    @Test
    void missingCounterpartIsSeen() {
        String path = "src/main/java/org/smp4j/call/Csd.java";
        assertThat(withoutCounterpart(path, "package a;\n\npublic final class Csd {\n}\n")).hasSize(1);
        assertThat(withoutCounterpart(path, "package a;\n/** A csd. */\nenum Csd {\n}\n")).hasSize(1);
        assertThat(withoutCounterpart(path, "/** Mirrors {@code a}. */\nclass A { }\nrecord B(int b) { }\n"))
                .hasSize(1);
        assertThat(withoutCounterpart("src/main/java/org/smp4j/Machine.java", "class Machine {\n}\n")).hasSize(1);
        assertThat(withoutCounterpart("src/main/java/org/smp4j/lib/package-info.java",
                "/** Lists. */\npackage org.smp4j.lib;\n")).hasSize(1);
        assertThat(withoutCounterpart(path,
                "package a;\n/** A, mirrors\n * {@code b}. */\n@Some(1)\nfinal class A {\n}\n")).isEmpty();
        assertThat(withoutCounterpart(path, "/** No kernel\n * counterpart. */\npublic @interface A {\n}\n")).isEmpty();
        assertThat(withoutCounterpart("src/main/java/org/smp4j/cli/Main.java", "class Main {\n}\n")).isEmpty();
    }

    @Test
    void sharedFieldWithoutLabelsIsSeen() {
        String labels = "    // Written by: one. Read by: all.\n    // Ordering: release.\n";
        assertThat(shared("volatile int flags;")).containsExactly("A.java: flags");
        assertThat(shared("/** Written by: one. Read by: all. */\n private volatile int[] flags = {1};"))
                .containsExactly("A.java: flags");
        assertThat(shared(labels + "\n    volatile int flags;")).as("a blank line between").hasSize(1);
        assertThat(shared("int a; // Written by: x Read by: y Ordering: z\n volatile int flags;")).hasSize(1);
        assertThat(shared("Node<A, B> next = null;\n X X = fieldVarHandle(lookup(), \"next\", V.class);")).hasSize(1);
        assertThat(shared("static { l.findVarHandle(A.class, \"next\", B.class); }\n enum E { A, B; Node next; }"))
                .hasSize(1);
        assertThat(shared("V V = arrayElementVarHandle(long[].class);\n private final long[] words;")).hasSize(1);

        assertThat(shared(labels + "    @Some(\"x\")\n    volatile int flags;")).isEmpty();
        assertThat(shared("volatile int flags; // Written by: x Read by: y Ordering: z")).isEmpty();
        assertThat(shared("String s = \"volatile int flags;\"; // volatile int x;\n int plain;")).isEmpty();
        assertThat(shared("X X = fieldVarHandle(lookup(), \"next\", V.class);\n void a() { Node next = b; next = c; }"))
                .as("a local variable").isEmpty();
    }

    @Test
    void leftoverIsSeen() {
        assertThat(leftovers("src/main/java/A.java", "// TO" + "DO later")).hasSize(1);
        assertThat(leftovers("src/test/java/A.java", "@Dis" + "abled")).hasSize(1);
        assertThat(leftovers("pom.xml", "a=\"" + "/some" + "/where\"")).hasSize(1);
        assertThat(leftovers("src/test/java/A.java", SLEEP + "1)")).hasSize(1);
        assertThat(leftovers("src/main/java/A.java", SLEEP + "1) // include/linux/smp.h, /proc/self/stat"))
                .isEmpty();
    }

    @Test
    void longFileIsSeen() {
        assertThat(tooLong("A.java", "    // x\n".repeat(MAX_LINES + 1))).hasSize(1);
        assertThat(tooLong("A.java", "    // x\n".repeat(MAX_LINES))).isEmpty();
        assertThat(tooLong("A.java", "x\n".repeat(MAX_CODE_LINES + 1))).hasSize(1);
        assertThat(tooLong("A.java", "x\n".repeat(MAX_CODE_LINES) + "    }\n\n     * x\nimport x;\n")).isEmpty();
    }

    @Test
    void wideLineIsSeen() {
        assertThat(tooWide("A.java", "x\n" + "x".repeat(MAX_COLUMNS + 1) + "\n"))
                .containsExactly("A.java:2: 121 columns");
        assertThat(tooWide("A.java", "x".repeat(MAX_COLUMNS) + "\n")).isEmpty();
        assertThat(tooWide("A.md", "x".repeat(MAX_COLUMNS + 1))).isEmpty();
    }

    private static List<String> strays(Stream<String> names) {
        return names.filter(name -> !name.startsWith(".") && !TOP.matcher(name).matches()).sorted().toList();
    }

    private static List<String> shared(String members) {
        return sharedFieldsWithoutLabels("A.java", "class A {\n" + members + "\n}\n");
    }

    /** Top-level types of the tower, and package-info, whose javadoc does not say what they mirror. */
    static List<String> withoutCounterpart(String path, String text) {
        List<String> faults = new ArrayList<>();
        Matcher type = TOP_LEVEL.matcher(blank(text));
        while (TOWER.matcher(path).matches() && type.find()) {
            boolean header = text.startsWith("package ", type.start());
            if (header && !path.endsWith("package-info.java")) {
                continue;
            }
            String before = ANNOTATION_LINE.matcher(text.substring(0, type.start())).replaceAll("").strip();
            String javadoc = before.endsWith("*/") ? before.substring(Math.max(before.lastIndexOf("/**"), 0)) : "";
            String prose = javadoc.replaceAll("[\\s*]+", " ").toLowerCase(Locale.ROOT);
            if (!COUNTERPART.matcher(prose).find()) {
                faults.add(path + ": " + type.group());
            }
        }
        return faults;
    }

    /** Fields that are volatile or have a handle, they or their elements, and no comment with the three labels. */
    static List<String> sharedFieldsWithoutLabels(String path, String text) {
        List<String> faults = new ArrayList<>();
        Set<String> handled = new HashSet<>();
        HANDLE.matcher(text).results().forEach(result -> handled.add(result.group(1)));
        List<String> arrays = ARRAY_HANDLE.matcher(text).results().map(result -> " " + result.group(1) + " ").toList();
        for (Field field : fields(blank(text))) {
            boolean shared = VOLATILE.matcher(field.code).find() || handled.contains(field.name)
                    || arrays.stream().anyMatch(field.code::contains);
            if (shared && !LABELS.stream().allMatch(comment(text, field)::contains)) {
                faults.add(path + ": " + field.name);
            }
        }
        return faults;
    }

    static List<String> leftovers(String path, String text) {
        List<String> faults = new ArrayList<>();
        Stream.of(MACHINE_PATH, LEFTOVER).flatMap(pattern -> pattern.matcher(text).results())
                .forEach(result -> faults.add(path + ": " + result.group()));
        if (path.startsWith("src/test/") && text.contains(SLEEP)) {
            faults.add(path + ": " + SLEEP);
        }
        return faults;
    }

    static List<String> tooLong(String path, String text) {
        long lines = text.lines().count();
        long code = text.lines().filter(line -> !NO_CODE.matcher(line).matches()).count();
        return lines > MAX_LINES || code > MAX_CODE_LINES
                ? List.of(path + ": " + lines + " lines, " + code + " of code") : List.of();
    }

    static List<String> tooWide(String path, String text) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, path.endsWith(".java") ? lines.size() : 0)
                .filter(line -> lines.get(line).length() > MAX_COLUMNS)
                .mapToObj(line -> path + ":" + (line + 1) + ": " + lines.get(line).length() + " columns").toList();
    }

    /** The text with comments and literals turned into blanks, every other character where it was. */
    private static String blank(String text) {
        return COMMENT_OR_LITERAL.matcher(text).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }

    /** A field's declaration up to its initializer; after is the end of what stands before it. */
    private record Field(String name, String code, int after, int end) {
    }

    private static List<Field> fields(String code) {
        List<Field> fields = new ArrayList<>();
        Deque<Boolean> inType = new ArrayDeque<>();
        int start = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c != '{' && c != '}' && c != ';') {
                continue;
            }
            String raw = code.substring(start, i);
            String chunk = ANNOTATION.matcher(raw).replaceAll(match -> " ".repeat(match.group().length()));
            boolean initialized = chunk.contains("=");
            if (Boolean.TRUE.equals(inType.peek()) && (c == ';' || c == '{' && initialized)) {
                Matcher declared = DECLARATION.matcher(initialized ? chunk.substring(0, chunk.indexOf('=')) : chunk);
                if (declared.matches()) {
                    fields.add(new Field(declared.group(1), chunk, start, start + declared.end(1)));
                }
            }
            if (c == '{') {
                inType.push(TYPE_BODY.matcher(chunk).find() && !initialized);
            } else if (c == '}') {
                inType.poll();
            }
            start = i + 1;
        }
        return fields;
    }

    /** The comment right above the field, or at the end of its line; not what trails the member before it. */
    private static String comment(String text, Field field) {
        String above = text.substring(field.after, field.end);
        above = above.substring(above.indexOf('\n') + 1);
        int lineEnd = text.indexOf('\n', field.end);
        String[] blocks = above.split("\n\\s*\n");
        return blocks[blocks.length - 1] + text.substring(field.end, lineEnd);
    }

    private static List<String> inTree(BiFunction<String, String, List<String>> rule, String... roots)
            throws IOException {
        List<String> faults = new ArrayList<>();
        for (String root : roots) {
            if (Files.exists(Path.of(root))) {
                try (Stream<Path> files = Files.walk(Path.of(root))) {
                    for (Path file : files.filter(Files::isRegularFile)
                            .filter(each -> !each.toString().endsWith(".png")).sorted().toList()) {
                        faults.addAll(rule.apply(file.toString(), Files.readString(file)));
                    }
                }
            }
        }
        return faults;
    }
}
