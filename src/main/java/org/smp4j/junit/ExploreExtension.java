package org.smp4j.junit;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.page.RunPage;
import org.smp4j.scenario.Programs;

/**
 * Runs methods marked with {@link Explore}: JUnit's object of the test class stays unused, the explorer makes others.
 */
final class ExploreExtension implements InvocationInterceptor, ParameterResolver, ExecutionCondition {
    /** A token: only that run is repeated. */
    static final String REPLAY = "smp4j.replay";
    /** The kind of strands. */
    static final String STRANDS = "smp4j.strands";
    /** The folder for tokens of failures. */
    static final String TOKENS = "smp4j.tokens";

    /** The folder for pages of failures. */
    static final String PAGES = "smp4j.pages";

    private static final ConditionEvaluationResult ENABLED = ConditionEvaluationResult.enabled("to be explored");

    ExploreExtension() {
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String token = parameter(context, REPLAY, null);
        if (token == null || context.getTestMethod().isEmpty()) {
            return ENABLED;
        }
        String name = ExploredMethod.name(context.getRequiredTestClass(), context.getRequiredTestMethod());
        try {
            String wanted = Explorer.scenarioOf(token);
            return wanted.equals(name) ? ENABLED : ConditionEvaluationResult.disabled(REPLAY + " is about " + wanted);
        } catch (ExplorerException e) {
            return ENABLED; // the run reports what is wrong with the token
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().getName().equals(ExploredMethod.MACHINE)
                && parameter.getDeclaringExecutable() instanceof Method method
                && isExplored(method);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return null; // the explorer passes its own machine
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) {
        invocation.skip();
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) {
        invocation.skip();
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) {
        invocation.skip();
        Class<?> type = context.getRequiredTestClass();
        Method method = call.getExecutable();
        Explore explore = AnnotationSupport.findAnnotation(method, Explore.class).orElseThrow();
        ExploreOptions options = options(explore);
        boolean threads = onThreads(context);
        LoadedProgram program = new LoadedProgram(ExploredMethod.name(type, method), type.getName(),
                Programs.options().withInside(Set.of(explore.inside())).withLibraries(Set.of(explore.rewrite())),
                type.getClassLoader(),
                ExploredMethod.entry(type, method, explore.cpus(), explore.params()));
        String token = parameter(context, REPLAY, null);
        Report report;
        if (token == null) {
            report = Explorer.explore(program, options.withThreads(threads)
                    .withTokenFile(tokenFile(context, type, method)), Explorer.Progress.NONE);
        } else {
            report = Explorer.replay(program, token, threads, Explorer.Progress.NONE);
        }
        if (!report.passed()) {
            throw new AssertionError(report.text() + RunPage.writeOrSay(program, report,
                    pageFile(context, type, method, ""), Explorer.Progress.NONE) + "\n",
                    report.failure().thrown());
        }
        context.publishReportEntry(entry(report));
        System.out.println("@Explore " + report.summary()); // where users look first
    }

    /** The test report's entry for a test that passes: what is claimed, and from how many schedules. */
    private static Map<String, String> entry(Report report) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("schedules", Long.toString(report.schedules()));
        entry.put("distinct", Long.toString(report.distinct()));
        entry.put("strategy", report.strategy() + ", seed " + report.seed());
        entry.put("claim", report.claim());
        if (!report.notes().isEmpty()) {
            entry.put("notes", String.join("; ", report.notes()));
        }
        return entry;
    }

    private static ExploreOptions options(Explore explore) {
        String strategy = explore.strategy();
        if (explore.preemptions() >= 0) {
            if (!strategy.equals(ExploreOptions.DEFAULT.strategy())) {
                throw new ExplorerException("@Explore(strategy = \"" + strategy + "\", preemptions = "
                        + explore.preemptions() + "): set only one of them");
            }
            strategy = "bound" + explore.preemptions();
        }
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(explore.seed())
                .withSchedules(explore.schedules())
                .withStepLimit(explore.stepLimit()).withDataRaces(explore.dataRaces())
                .withMemory(explore.memory())
                .withLeeway(new Leeway(explore.timeouts(), explore.spurious(), explore.randomValues(),
                        explore.insertion(), explore.incoherentReads()));
        return explore.seconds() == 0 ? options : options.withBudget(TimeUnit.SECONDS.toNanos(explore.seconds()));
    }

    static boolean isExplored(Method method) {
        return AnnotationSupport.isAnnotated(method, Explore.class);
    }

    /** {@return whether strands run on threads, for a debugger} */
    static boolean onThreads(ExtensionContext context) {
        return switch (parameter(context, STRANDS, "continuations")) {
            case "threads" -> true;
            case "continuations" -> {
                ContinuationAccess.sayIfMissing();
                yield false;
            }
            case String other ->
                    throw new ExplorerException(STRANDS + " must be threads or continuations, got " + other);
        };
    }

    /** {@return the file for the page of a failure} */
    static Path pageFile(ExtensionContext context, Class<?> type, Method method, String suffix) {
        return Path.of(parameter(context, PAGES, Path.of("target", "smp4j").toString()), type.getName() + "."
                + method.getName() + suffix + ".html");
    }

    /** {@return the file for the token of a failure} */
    static Path tokenFile(ExtensionContext context, Class<?> type, Method method) {
        return Path.of(parameter(context, TOKENS, Path.of("target", "smp4j").toString()), type.getName() + "."
                + method.getName() + ".token");
    }

    /**
     * JUnit's configuration parameters come first, since a launcher can set them without changing the JVM's system
     * properties; they fall back on those.
     */
    static String parameter(ExtensionContext context, String name, String byDefault) {
        return context.getConfigurationParameter(name).map(String::strip).orElse(byDefault);
    }
}
