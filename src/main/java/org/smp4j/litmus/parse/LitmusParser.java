package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.LitmusTest.Dialect;
import org.smp4j.litmus.program.Position;

/** Reads a litmus test in one of the three dialects. */
public final class LitmusParser {
    private static final Pattern HEADER = Pattern.compile("\\s*(C|Java)[ \\t]+(\\S[^\\n]*)");
    private static final Pattern EXPECTED = Pattern.compile("Result:\\s*(Never|Sometimes|Always)");
    private static final Pattern BUNDLED = Pattern.compile("(?m)^@@ (.*)$");
    private static final int MOST_THREADS = 16;

    private final String text;
    private final Names names = new Names();
    private final List<CodeBuilder> threads = new ArrayList<>();
    private Dialect dialect;
    private Words words;

    private LitmusParser(String text) {
        this.text = text;
    }

    /**
     * Reads one test.
     *
     * @param text its text
     * @return the test
     * @throws LitmusException if it is none, or uses what is not supported
     */
    public static LitmusTest parse(String text) {
        return parse(text, 1);
    }

    private static LitmusTest parse(String text, int firstLine) {
        Matcher header = HEADER.matcher(text);
        int start = header.lookingAt() ? header.start(1) : firstWord(text);
        int line = firstLine + (int) text.chars().limit(start).filter(c -> c == '\n').count();
        if (!header.lookingAt()) {
            throw new LitmusException(new Position(line, start - text.lastIndexOf('\n', Math.max(0, start - 1))),
                    "a test begins with its language, C or Java, and its name");
        }
        return new LitmusParser(text).read(header, line);
    }

    private static int firstWord(String text) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        return start;
    }

    /** A test of a file with several, by its name there; either the test, or why it can't be read. */
    public record Named(String name, LitmusTest test, LitmusException refusal) {
    }

    /**
     * Reads all tests of a file. A file with several tests begins each with a line {@code @@ name}.
     *
     * @param content the file's text
     * @return its tests in order; those that can't be read are among them
     */
    public static List<Named> parseAll(String content) {
        List<Named> tests = new ArrayList<>();
        Matcher mark = BUNDLED.matcher(content);
        if (!mark.find()) {
            tests.add(named(null, content, 1));
            return tests;
        }
        for (boolean more = true; more;) {
            String name = mark.group(1).strip();
            int from = mark.end();
            more = mark.find();
            int line = (int) content.substring(0, from).lines().count();
            tests.add(named(name, content.substring(from, more ? mark.start() : content.length()), line));
        }
        return tests;
    }

    private static Named named(String name, String text, int line) {
        try {
            LitmusTest test = parse(text, line);
            return new Named(name == null ? test.name() : name, test, null);
        } catch (LitmusException e) {
            return new Named(name == null ? "" : name, null, e);
        }
    }

    private LitmusTest read(Matcher header, int line) {
        List<Lexeme> all = new Lexer(text.substring(header.end()), line).words();
        words = new Words(all);
        dialect = header.group(1).equals("Java") ? Dialect.JAVA
                : all.stream().anyMatch(C11Calls::isOwn) || hasC11Order(all) ? Dialect.C11 : Dialect.KERNEL;
        skipInformation();
        new InitParser(words, names).read();
        String body = text.substring(header.end());
        while (isThread()) {
            thread(body);
        }
        if (threads.isEmpty()) {
            throw Words.refuse(words.peek(), "the test has no thread; " + (dialect == Dialect.JAVA ? "Thread0 {"
                    : "P0(int *x) {") + " is expected here instead of " + words.peek());
        }
        if (words.peek().is("filter")) {
            throw Words.refuse(words.peek(), "filter is not supported");
        }
        ConditionParser end = new ConditionParser(words, names, threads);
        Condition condition = end.condition();
        Matcher expected = EXPECTED.matcher(text);
        return new LitmusTest(header.group(2).strip(), dialect, expected.find() ? expected.group(1) : null,
                List.copyOf(names.locations), names.values(), threads.stream().map(CodeBuilder::thread).toList(),
                condition, end.shown());
    }

    /** {@return whether atomic_fetch_add has its pointer first, as in C11, and not its value, as in the kernel} */
    private static boolean hasC11Order(List<Lexeme> all) {
        Set<String> pointers = new LinkedHashSet<>();
        for (int i = 0; i + 2 < all.size(); i++) {
            if (all.get(i).is("*") && all.get(i + 1).isName() && all.get(i + 2).text().matches("[,)]")) {
                pointers.add(all.get(i + 1).text());
            }
            if (all.get(i).text().matches("atomic_fetch_(add|sub|and|or|xor)") && all.get(i + 1).is("(")
                    && pointers.contains(all.get(i + 2).text()) && all.get(i + 3).is(",")) {
                return true;
            }
        }
        return false;
    }

    /** Skips the description and the lines of the form {@code Key=value} that generators of tests write. */
    private void skipInformation() {
        while (!words.isNext("{")) {
            Lexeme word = words.take();
            if (word.kind() == Lexeme.Kind.STRING) {
                continue;
            }
            if (!word.isName() || !words.isNext("=")) {
                throw Words.refuse(word, "'{' with the initial values is expected here instead of " + word);
            }
            while (words.peek().at().line() == word.at().line() && words.peek().kind() != Lexeme.Kind.END) {
                words.take();
            }
        }
    }

    private boolean isThread() {
        return words.peek().isName() && words.peek().text().matches("(P|Thread)\\d+");
    }

    private void thread(String body) {
        Lexeme name = words.take();
        int number = threads.size();
        if (!name.is((dialect == Dialect.JAVA ? "Thread" : "P") + number)) {
            throw Words.refuse(name, (dialect == Dialect.JAVA ? "Thread" : "P") + number
                    + " is expected here instead of " + name);
        }
        if (number == MOST_THREADS) {
            throw Words.refuse(name, "a test has " + MOST_THREADS + " threads at most");
        }
        CodeBuilder code = new CodeBuilder(name.text());
        Map<String, String> handles = new LinkedHashMap<>();
        Set<String> parameters = dialect == Dialect.JAVA ? Set.of() : parameters();
        names.registers.getOrDefault(number, Map.of()).forEach((register, value) -> {
            int location = (int) (value - LitmusTest.address(0));
            if (dialect == Dialect.JAVA && location >= 0) {
                handles.put(register, names.locations.get(location));
            } else {
                code.initial(register, value);
            }
        });
        Calls calls = switch (dialect) {
            case JAVA -> new JavaCalls(handles);
            case C11 -> new C11Calls();
            case KERNEL -> new KernelCalls();
        };
        new CodeParser(words, body, names, code, calls, parameters).body();
        threads.add(code);
    }

    private Set<String> parameters() {
        Set<String> parameters = new LinkedHashSet<>();
        words.expect("(");
        while (!words.takeIf(")")) {
            Lexeme type = words.peek();
            if (!ExpressionParser.isType(type)) {
                throw Words.refuse(type, type + " is not supported as the type of a parameter");
            }
            boolean isPointer = false;
            while (ExpressionParser.isType(words.peek()) || words.isNext("*")) {
                isPointer |= words.take().is("*");
            }
            Lexeme name = words.expectName("the name of a parameter");
            int elements = 0;
            if (words.takeIf("[")) {
                elements = words.isNext("]") ? 1 : (int) words.expectNumber();
                words.expect("]");
            }
            if (!isPointer && elements == 0) {
                throw Words.refuse(name, "the parameter " + name.text() + " is no pointer; parameters are addresses of "
                        + "the test's locations");
            }
            parameters.add(name.text());
            names.location(name.text(), elements);
            if (!words.isNext(")")) {
                words.expect(",");
            }
        }
        return parameters;
    }
}
