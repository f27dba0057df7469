package org.smp4j.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.check.Linearizability;
import org.smp4j.page.RunPage;
import org.smp4j.scenario.Programs;

/** Runs methods marked with {@link Linearizable}: JUnit's object of the test class stays unused. */
final class LinearizableExtension implements InvocationInterceptor, ExecutionCondition {
    private static final ConditionEvaluationResult ENABLED = ConditionEvaluationResult.enabled("to be explored");

    LinearizableExtension() {
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String token = ExploreExtension.parameter(context, ExploreExtension.REPLAY, null);
        if (token == null || context.getTestMethod().isEmpty()) {
            return ENABLED;
        }
        String name = ExploredMethod.name(context.getRequiredTestClass(), context.getRequiredTestMethod());
        try {
            String wanted = Explorer.scenarioOf(token);
            return Linearizability.isProgram(wanted) && Linearizability.subjectOf(wanted).equals(name) ? ENABLED
                    : ConditionEvaluationResult.disabled(ExploreExtension.REPLAY + " is about " + wanted);
        } catch (ExplorerException e) {
            return ENABLED; // the run reports what is wrong with the token
        }
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) {
        invocation.skip();
        Class<?> type = context.getRequiredTestClass();
        Method method = call.getExecutable();
        mustBeUsable(type, method);
        Linearizable linearizable = AnnotationSupport.findAnnotation(method, Linearizable.class).orElseThrow();
        LinearOptions options = options(linearizable);
        boolean threads = ExploreExtension.onThreads(context);
        Linearizability.Target target = new Linearizability.Target(ExploredMethod.name(type, method), type.getName(),
                method.getName(), options.specification(),
                Programs.unwatched().withLibraries(Set.of(linearizable.rewrite())), type.getClassLoader());
        String token = ExploreExtension.parameter(context, ExploreExtension.REPLAY, null);
        LinearReport report;
        if (token == null) {
            ExploreOptions explore = options.explore().withThreads(threads)
                    .withTokenFile(ExploreExtension.tokenFile(context, type, method));
            report = Linearizability.check(target, options.withExplore(explore), Explorer.Progress.NONE);
        } else {
            report = Linearizability.replay(target, token, threads, Explorer.Progress.NONE);
        }
        if (!report.passed()) {
            String page = RunPage.writeOrSay(target, report,
                    ExploreExtension.pageFile(context, type, method, ""), Explorer.Progress.NONE);
            throw new AssertionError(report.text() + page + "\n", report.failure().thrown());
        }
        context.publishReportEntry(entry(report));
        System.out.println("@Linearizable " + report.summary()); // where users look first
    }

    private static Map<String, String> entry(LinearReport report) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("programs", Long.toString(report.programs()));
        entry.put("schedules", Long.toString(report.schedules()));
        entry.put("strategy", report.strategy() + ", seed " + report.seed());
        entry.put("claim", report.claim());
        if (!report.notes().isEmpty()) {
            entry.put("notes", String.join("; ", report.notes()));
        }
        return entry;
    }

    private static void mustBeUsable(Class<?> type, Method method) {
        String name = "@Linearizable " + ExploredMethod.name(type, method);
        if (method.getParameterCount() > 0) {
            throw new ExplorerException(name + " must take no parameters");
        }
        for (Class<? extends Annotation> each : List.of(BeforeEach.class, AfterEach.class)) {
            if (!AnnotationSupport.findAnnotatedMethods(type, each,
                    HierarchyTraversalMode.TOP_DOWN).isEmpty()) {
                throw new ExplorerException(name + ": its class has a method with @" + each.getSimpleName()
                        + ", which would not be called; use the constructor and the test method");
            }
        }
    }

    private static LinearOptions options(Linearizable from) {
        ExploreOptions explore = ExploreOptions.DEFAULT.withStrategy(from.strategy()).withSeed(from.seed())
                .withSchedules(from.schedules()).withStepLimit(from.stepLimit()).withDataRaces(from.dataRaces());
        return LinearOptions.DEFAULT.withSize(from.threads(), from.operations(), from.before(), from.after())
                .withPrograms(from.programs()).withRealTime(from.realTime())
                .withSpecification(from.specification() == void.class ? null : from.specification().getName())
                .withExplore(from.seconds() == 0 ? explore
                        : explore.withBudget(TimeUnit.SECONDS.toNanos(from.seconds())));
    }

    static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Linearizable.class);
    }
}
