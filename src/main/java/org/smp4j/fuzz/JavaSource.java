package org.smp4j.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.smp4j.cpu.Context;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.JavaObject;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.production.Delays;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.scenario.Stalls;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.StopMachine;

/** Writes a program as the source of a test, which explores it: it fails as the program did. */
final class JavaSource {
    private static final String STEP = "    ";

    private final Program program;
    private final Catalog catalog;
    private final Facts facts;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String[]> objects = new TreeMap<>(); // by name: name, class, check
    private int next;
    private int depth = 3;

    private JavaSource(Program program, Catalog catalog) {
        this.program = program;
        this.catalog = catalog;
        facts = Facts.of(program, catalog);
    }

    /** {@return the source} */
    static String of(Program program, Catalog catalog, String rule, long schedules, MemoryModel memory) {
        return new JavaSource(program, catalog).write(rule, schedules, memory);
    }

    /** {@return a source that plays the program: with all that is checked between its operations} */
    static String played(Program program, String rule, long schedules, MemoryModel memory) {
        StringBuilder all = new StringBuilder();
        String words = "Explore Play" + (memory == MemoryModel.SC ? "" : " MemoryModel");
        JavaHelpers.imports(words).stream().sorted().forEach(name -> all.append("import ").append(name).append(";\n"));
        all.append(head(program, rule, schedules, memory, Delays.isIn(program)));
        all.append("    public static final class Scenario implements Runnable {\n")
                .append("        private static final Play PROGRAM = new Play(\n                \"")
                .append(program.text().replaceAll("(.{80}[^,/]*[,/])", "$1\"\n                + \"")).append("\");\n\n")
                .append("        @Override\n        public void run() {\n            PROGRAM.run();\n        }\n")
                .append("    }\n}\n");
        return all.toString();
    }

    /** The test method, and what comes before the scenario that it explores. */
    private static String head(Program program, String rule, long schedules, MemoryModel memory, boolean delays) {
        String strategy = ProgramExplorer.strategy(program);
        return "\n/** Breaks the rule: " + rule + ". Made by smp4j fuzz. */\npublic class GeneratedTest {\n"
                + "    @Explore(schedules = " + schedules
                + (strategy.equals(ExploreOptions.DEFAULT.strategy()) ? "" : ", strategy = \"" + strategy + "\"")
                + (memory == MemoryModel.SC ? "" : ", memory = MemoryModel." + memory)
                + (delays ? ", stepLimit = " + ProgramExplorer.STEPS_WITH_DELAYS : "")
                + ")\n    void program() {\n        new Scenario().run();\n    }\n\n    /** "
                + wrapped(program.text()) + " */\n";
    }

    private String write(String rule, long schedules, MemoryModel memory) {
        players();
        String body = text.toString();
        String helpers = JavaHelpers.usedBy(body);
        String scenario = switch (program.stage()) {
            case CPUS -> "CallScenario";
            case TASKS -> "TaskScenario";
            case MACHINE -> "MachineScenario";
        };
        StringBuilder all = new StringBuilder();
        String locals = locals(body);
        String code = locals + body + helpers;
        String words = scenario + " Explore" + (memory == MemoryModel.SC ? "" : " MemoryModel")
                + (program.stage() == Stage.MACHINE ? " Machine Exploring" : "")
                + (expected().isEmpty() ? "" : " Warnings Oracles");
        new TreeSet<>(JavaHelpers.imports(code + " " + words))
                .forEach(name -> all.append("import ").append(name).append(";\n"));
        all.append(head(program, rule, schedules, memory, facts.has(Delays.MARK)));
        all.append("    public static final class Scenario extends ").append(scenario).append(" {\n");
        all.append(fields());
        all.append("        public Scenario() {\n            super(").append(program.cpus())
                .append(");\n        }\n\n");
        all.append("        @Override\n        protected void ").append(program.stage() == Stage.MACHINE
                ? "run(Machine machine) {\n            boolean explored = Exploring.stretch(false);\n" : "play() {\n");
        if (expected().stream().anyMatch(JavaSource::isLeak)) {
            all.append("            Oracles.unbalancedOnPurpose();\n");
        }
        all.append(locals).append(body);
        if (program.stage() == Stage.MACHINE) {
            all.append("            Exploring.stretch(explored);\n");
        }
        all.append("        }\n");
        all.append(checks());
        if (program.stage() == Stage.CPUS) {
            all.append("\n        @Override\n        protected boolean servesOn() {\n            return true;\n")
                    .append("        }\n");
        }
        if (facts.has(Delays.MARK)) {
            all.append("\n        @Override\n        protected ").append(Stalls.class.getName())
                    .append(" stalls() {\n            return stalls;\n        }\n");
        }
        List<String> expected = expected();
        if (!expected.isEmpty()) {
            all.append("\n        @Override\n        protected boolean expects(Warnings.Warning warning) {\n")
                    .append("            return ").append(String.join("\n                    || ", expected))
                    .append(";\n        }\n");
        }
        return all.append("    }\n").append(helpers).append("}\n").toString();
    }

    /** The conditions for warnings that the program has to bring about. */
    private List<String> expected() {
        Set<String> all = new LinkedHashSet<>();
        if (facts.has(World.THROWS)) {
            all.add("warning.message().contains(\"thrown on purpose\")");
        }
        program.forEach(op -> {
            Misuse misuse = catalog.find(op.name()).illegal();
            if (misuse != null) {
                misuse.allWarnings().forEach(site -> all.add("warning.site().name().equals(\"" + site.name() + "\")"));
            }
        });
        return List.copyOf(all);
    }

    private static boolean isLeak(String expected) {
        return Stream.of(Context.PREEMPT_LEAK, Context.IRQS_CHANGED, StopMachine.LEAKED, Workqueue.LEAKED)
                .anyMatch(site -> expected.contains("\"" + site.name() + "\""));
    }

    private static String wrapped(String text) {
        return text.replaceAll("(.{80}[^,/]*[,/])", "$1\n     * ");
    }

    private void players() {
        for (int i = 0; i < program.players().size(); i++) {
            Player player = program.players().get(i);
            if (player.kind() == Player.Kind.DEVICE) {
                line("device(" + player.cpu() + ", \"device " + i + "\", " + player.count() + ", () -> {");
            } else if (program.stage() == Stage.CPUS) {
                line("on(" + player.cpu() + ", () -> {");
            } else {
                String where = player.count() == 0 ? "" + player.cpu() : mask(player.count());
                line("tasks[" + taskNumber(i) + "] = task(" + where + ", \"task " + i + "\", () -> {");
            }
            depth++;
            ops(player.ops());
            depth--;
            line("});");
        }
    }

    private int taskNumber(int player) {
        return (int) program.players().subList(0, player).stream().filter(each -> each.kind() == Player.Kind.TASK)
                .count();
    }

    private void line(String line) {
        text.append(STEP.repeat(depth)).append(line).append('\n');
    }

    private void ops(List<Op> ops) {
        ops.forEach(this::op);
    }

    private void op(Op op) {
        int id = next++;
        Production production = catalog.find(op.name());
        String template = declared(production.java(op));
        String first = template.isEmpty() ? "" : template.substring(0, 1);
        if (first.equals("=") || first.equals("?")) {
            int end = template.indexOf('\n');
            String expression = template.substring(1, end < 0 ? template.length() : end);
            int[] allowed = production.results(facts, op);
            String call = first.equals("?") ? expression + " ? 1 : 0" : expression;
            template = (allowed == null ? expression + ";" : "expect(\"" + op.name() + "\", " + call + ", "
                    + Arrays.stream(allowed).mapToObj(String::valueOf).collect(Collectors.joining(", ")) + ");")
                    + (end < 0 ? "" : template.substring(end));
        }
        template = template.replace("$id", "" + id);
        int after = -1;
        for (String line : template.split("\n")) {
            if (line.equals("$body")) {
                ops(op.body());
                after = next;
            } else {
                after = Math.max(after, statement(line, op, id));
            }
        }
        next = after >= 0 ? after : id + op.size();
    }

    /** Notes the objects that a text declares; {@return the rest of it} */
    private String declared(String template) {
        String rest = template;
        while (rest.startsWith(JavaObject.MARK)) {
            int end = rest.indexOf('\n');
            String[] parts = rest.substring(1, end).split(" ");
            objects.put(parts[0], parts);
            rest = rest.substring(end + 1);
        }
        return rest;
    }

    /** The objects of users, and their checks. */
    private String fields() {
        StringBuilder all = new StringBuilder();
        objects.values().forEach(each -> all.append("        private final ").append(each[1]).append(' ')
                .append(each[0]).append(" = new ").append(each[1]).append("();\n\n"));
        return all.toString();
    }

    private String checks() {
        List<String> calls = objects.values().stream().filter(each -> each.length > 2)
                .map(each -> STEP.repeat(3) + each[0] + "." + each[2] + "();\n").toList();
        return calls.isEmpty() ? "" : "\n        @Override\n        protected void check("
                + (program.stage() == Stage.MACHINE ? "Machine machine" : "") + ") {\n" + String.join("", calls)
                + "        }\n";
    }

    /** Writes a line, which may have the body within; {@return the number after the operations in it, or -1} */
    private int statement(String line, Op op, int id) {
        String filled = filled(line, op);
        String[] marks = {"$f", "$stop", "$supplier", "$body"};
        for (String mark : marks) {
            int at = filled.indexOf(mark);
            if (at >= 0) {
                String before = filled.substring(0, at);
                String after = filled.substring(at + mark.length());
                String open = switch (mark) {
                    case "$f" -> "SmpCallFunc.named(\"f" + id + "\", _ -> {";
                    case "$stop" -> "CpuStopFn.named(\"s" + id + "\", _ -> {";
                    case "$supplier" -> "() -> {";
                    default -> "{";
                };
                boolean returns = mark.equals("$stop") || mark.equals("$supplier");
                String close = mark.equals("$f") || mark.equals("$stop") ? "})" : "}";
                if (op.body().isEmpty() && !returns) {
                    line(before + open + " " + close + after);
                    return id + 1;
                }
                line(before + open);
                depth++;
                ops(op.body());
                if (returns) {
                    line("return " + (7 + op.arg(0)) + ";");
                }
                depth--;
                line(close + after);
                return next;
            }
        }
        if (filled.startsWith("}")) {
            depth--;
        }
        line(filled);
        if (filled.endsWith("{")) {
            depth++;
        }
        return -1;
    }

    private String filled(String line, Op op) {
        String filled = line;
        for (int i = 0; i < op.args().size(); i++) {
            int value = op.arg(i);
            filled = filled.replace("$b" + i, value != 0 ? "true" : "false").replace("$m" + i, mask(value))
                    .replace("$n" + i, value == 0 ? "null" : mask(value))
                    .replace("$awaiters" + i, awaiters(value)).replace("$" + i, "" + value);
        }
        return op.args().isEmpty() ? filled : filled.replace("$irqwork", "irqWork" + op.arg(0));
    }

    private String mask(int bits) {
        return "CpuMask.of(" + program.cpus() + IntStream.range(0, program.cpus())
                .filter(cpu -> (bits >> cpu & 1) != 0).mapToObj(cpu -> ", " + cpu).collect(Collectors.joining()) + ")";
    }

    /** The tasks that wait for a flag. */
    private String awaiters(int flag) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < program.players().size(); i++) {
            Player player = program.players().get(i);
            if (player.kind() == Player.Kind.TASK && player.ops().stream()
                    .anyMatch(op -> op.name().equals("await") && op.arg(0) == flag)) {
                all.add("tasks[" + taskNumber(i) + "]");
            }
        }
        return String.join(", ", all);
    }

    /** Declares what the operations share. */
    private String locals(String body) {
        StringBuilder all = new StringBuilder();
        for (Map.Entry<String, String> each : JavaHelpers.locals(program.stage(), facts).entrySet()) {
            if (Pattern.compile("\\b" + each.getKey() + "\\b").matcher(body).find()) {
                all.append(STEP.repeat(3)).append(each.getValue()).append('\n');
            }
        }
        if (body.contains("tasks[")) {
            all.append(STEP.repeat(3)).append("Task[] tasks = new Task[").append(facts.tasks()).append("];\n");
        }
        return all.toString();
    }

}
