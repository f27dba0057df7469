package org.smp4j.litmus.jcstress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.Condition.Quantifier;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.Position;
import org.smp4j.litmus.search.LitmusResult;

/**
 * Writes a test as a class for jcstress: an actor for each thread, an arbiter for the final values of locations, and
 * the outcomes that the model has.
 */
public final class JcstressSource {
    private static final int MOST_RESULTS = 8; // what jcstress has result classes for

    private final LitmusTest test;
    private final String name;
    private final List<String> fields = new ArrayList<>();
    private final List<String> handles = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private JcstressSource(LitmusTest test, String name) {
        this.test = test;
        this.name = name;
        JavaNames names = new JavaNames(Set.of("result", "at", name));
        test.locations().forEach(location -> fields.add(names.take(location)));
        test.locations().forEach(location -> handles.add(names.takeConstant(location)));
    }

    /** {@return the name of the class for a test of the given name} */
    public static String className(String test) {
        return new JavaNames(Set.of()).take(test);
    }

    /**
     * Writes the class.
     *
     * @param name the name of the class
     * @param model all executions of the test, under the model
     * @param sequential all its executions if every read returns the newest value
     * @return the source
     * @throws LitmusException if jcstress can't have such a test
     */
    public static String of(String name, LitmusResult model, LitmusResult sequential) {
        if (model.cut() > 0 || model.blocked() > 0) {
            throw new LitmusException(new Position(1, 1), "a test that may not end can't be written for jcstress");
        }
        return new JcstressSource(model.test(), name).write(model, new HashSet<>(sequential.states()));
    }

    private String write(LitmusResult model, Set<String> sequential) {
        List<Condition.Part> parts = test.shown();
        if (parts.size() > MOST_RESULTS || parts.isEmpty()) {
            throw new LitmusException(new Position(1, 1), "a test for jcstress has 1 to " + MOST_RESULTS
                    + " results; this test shows " + parts.size());
        }
        String result = "J".repeat(parts.size()) + "_Result";
        text.append("package litmus;\n\nimport java.lang.invoke.MethodHandles;\nimport java.lang.invoke.VarHandle;\n"
                + "import org.openjdk.jcstress.annotations.Actor;\n");
        boolean arbiter = parts.stream().anyMatch(part -> part.thread() < 0);
        if (arbiter) {
            text.append("import org.openjdk.jcstress.annotations.Arbiter;\n");
        }
        text.append("import org.openjdk.jcstress.annotations.Expect;\n"
                + "import org.openjdk.jcstress.annotations.JCStressTest;\n"
                + "import org.openjdk.jcstress.annotations.Outcome;\n"
                + "import org.openjdk.jcstress.annotations.State;\n"
                + "import org.openjdk.jcstress.infra.results.").append(result).append(";\n\n");
        text.append("/** The litmus test ").append(test.name().replace("*/", "")).append(": ")
                .append(parts.stream().map(Condition.Part::name).collect(Collectors.joining(", ")))
                .append(". ").append(condition()).append(" */\n@JCStressTest\n");
        outcomes(model, sequential);
        text.append("@State\npublic class ").append(name).append(" {\n");
        locations();
        for (int thread = 0; thread < test.threads().size(); thread++) {
            actor(thread, parts, result);
        }
        if (arbiter) {
            arbiter(parts, result);
        }
        return text.append("}\n").toString();
    }

    private String condition() {
        return test.condition().toString().replace("/\\", "and").replace("\\/", "or") + ".";
    }

    private void outcomes(LitmusResult model, Set<String> sequential) {
        for (String state : model.states()) {
            long[] values = values(state);
            String id = Arrays.stream(values).mapToObj(Long::toString).collect(Collectors.joining(", "));
            boolean weak = !sequential.contains(state);
            boolean asked = holds(values) == (test.condition().quantifier() != Quantifier.FORALL);
            text.append("@Outcome(id = \"").append(id).append("\", expect = Expect.ACCEPTABLE")
                    .append(weak || asked ? "_INTERESTING" : "").append(", desc = \"").append(asked
                            ? weak ? "the state that the test asks for; needs weak memory"
                                    : "the state that the test asks for"
                            : weak ? "needs weak memory" : "sequentially consistent").append("\")\n");
        }
        text.append("@Outcome(expect = Expect.FORBIDDEN, desc = \"no execution under the memory model ")
                .append(model.options().model().toString().toLowerCase(Locale.ROOT))
                .append(test.hasPlainAccesses() ? ", which has less than Java for plain accesses" : "")
                .append("\")\n");
    }

    private long[] values(String state) {
        String[] shown = state.split(";\\s*");
        long[] values = new long[shown.length];
        for (int i = 0; i < values.length; i++) {
            String value = shown[i].substring(shown[i].lastIndexOf('=') + 1);
            int location = test.locations().indexOf(value);
            values[i] = location >= 0 ? LitmusTest.address(location) : Long.parseLong(value);
        }
        return values;
    }

    private boolean holds(long[] values) {
        long[][] registers = new long[test.threads().size()][];
        Arrays.setAll(registers, thread -> new long[test.threads().get(thread).registers().size()]);
        long[] locations = new long[test.locations().size()];
        for (int i = 0; i < values.length; i++) {
            Condition.Part part = test.shown().get(i);
            if (part.thread() < 0) {
                locations[part.index()] = values[i];
            } else {
                registers[part.thread()][part.index()] = values[i];
            }
        }
        return test.condition().formula().holds(registers, locations);
    }

    private void locations() {
        for (int i = 0; i < fields.size(); i++) {
            text.append("    private static final VarHandle ").append(handles.get(i)).append(" = handle(\"")
                    .append(fields.get(i)).append("\");\n");
        }
        text.append('\n');
        for (int i = 0; i < fields.size(); i++) {
            text.append("    private long ").append(fields.get(i))
                    .append(test.initial()[i] == 0 ? "" : " = " + test.initial()[i] + "L").append(";\n");
        }
        text.append("""

                    private static VarHandle handle(String field) {
                        try {
                            return MethodHandles.lookup().findVarHandle(NAME.class, field, long.class);
                        } catch (ReflectiveOperationException e) {
                            throw new ExceptionInInitializerError(e);
                        }
                    }
                """.replace("NAME", name));
        if (ActorCode.computesAddresses(test)) {
            StringJoiner cases = new StringJoiner("");
            for (int i = 0; i < handles.size(); i++) {
                cases.add("        if (address == " + LitmusTest.address(i) + "L) return " + handles.get(i) + ";\n");
            }
            text.append("\n    private static VarHandle at(long address) {\n").append(cases)
                    .append("        throw new IllegalStateException(\"no location is at \" + address);\n    }\n");
        }
    }

    private void actor(int thread, List<Condition.Part> parts, String result) {
        ActorCode code = new ActorCode(test, thread, fields, handles);
        String statements = code.statements();
        boolean shows = parts.stream().anyMatch(part -> part.thread() == thread);
        text.append("\n    @Actor\n    public void actor").append(thread + 1).append('(')
                .append(shows ? result + " result" : "").append(") {\n").append(statements);
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).thread() == thread) {
                text.append("        result.r").append(i + 1).append(" = ").append(code.register(parts.get(i).index()))
                        .append(";\n");
            }
        }
        text.append("    }\n");
    }

    private void arbiter(List<Condition.Part> parts, String result) {
        text.append("\n    @Arbiter\n    public void arbiter(").append(result).append(" result) {\n");
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).thread() < 0) {
                text.append("        result.r").append(i + 1).append(" = this.")
                        .append(fields.get(parts.get(i).index())).append(";\n");
            }
        }
        text.append("    }\n");
    }
}
