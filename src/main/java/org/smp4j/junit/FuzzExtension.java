package org.smp4j.junit;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.fuzz.Campaign;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.FuzzReport;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.ProgramExplorer;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Productions;
import org.smp4j.fuzz.run.Play;
import org.smp4j.page.RunPage;

/** Runs methods marked with {@link Fuzz}. */
final class FuzzExtension implements InvocationInterceptor, ExecutionCondition {
    private static final ConditionEvaluationResult ENABLED = ConditionEvaluationResult.enabled("to be fuzzed");

    FuzzExtension() {
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String token = token(context);
        if (token == null || context.getTestMethod().isEmpty()
                || fuzz(context.getRequiredTestMethod(), context) == null) {
            return ENABLED;
        }
        try {
            String wanted = Explorer.scenarioOf(token);
            return LoadedTower.isProgram(wanted) ? ENABLED
                    : ConditionEvaluationResult.disabled(ExploreExtension.REPLAY + " is about " + wanted);
        } catch (ExplorerException e) {
            return ENABLED; // the run reports what is wrong with the token
        }
    }

    private static String token(ExtensionContext context) {
        return ExploreExtension.parameter(context, ExploreExtension.REPLAY, null);
    }

    /** {@return what marks a test: the annotation of the method, or of the class for the inherited test; or null} */
    private static Fuzz fuzz(Method method, ExtensionContext context) {
        return AnnotationSupport.findAnnotation(method, Fuzz.class).or(() ->
                method.getDeclaringClass() != FuzzTests.class ? Optional.empty()
                : AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Fuzz.class)).orElse(null);
    }

    private static void skip(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        if (fuzz(context.getRequiredTestMethod(), context) == null) {
            invocation.proceed();
        } else {
            invocation.skip();
        }
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) throws Throwable {
        skip(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) throws Throwable {
        skip(invocation, context);
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) throws Throwable {
        skip(invocation, context);
        Fuzz fuzz = fuzz(call.getExecutable(), context);
        if (fuzz == null) {
            return;
        }
        Class<?> type = context.getRequiredTestClass();
        ClassLoader loader = type.getClassLoader();
        List<String> productions = Stream.concat(Arrays.stream(fuzz.productions()), Stream.of(type)
                .filter(Productions.class::isAssignableFrom)).map(Class::getName).distinct().toList();
        LoadedTower tower = new LoadedTower(productions, loader);
        String token = token(context);
        if (token != null) {
            Report report = Explorer.replay(tower.program(LoadedTower.textOf(Explorer.scenarioOf(token)), null), token,
                    ExploreExtension.onThreads(context), Explorer.Progress.NONE);
            if (!report.passed()) {
                throw new AssertionError(report.text() + page(context, call.getExecutable(), tower, report, ""),
                        report.failure().thrown());
            }
            return;
        }
        ContinuationAccess.sayIfMissing();
        FuzzReport report = campaign(fuzz, productions, tower, loader).run();
        if (report.fault() != null) {
            throw new HostException(report.text(), null);
        }
        if (!report.passed()) {
            StringBuilder text = new StringBuilder(report.text());
            report.failures().forEach(failure -> text.append(page(context, call.getExecutable(), tower,
                    failure.report(), "." + failure.number())));
            throw new AssertionError(text.toString());
        }
        System.out.println("@Fuzz " + report.text().lines().findFirst().orElse("")); // where users look first
    }

    private static String page(ExtensionContext context, Method method, LoadedTower tower, Report report,
            String suffix) {
        return RunPage.writeOrSay(tower.program(LoadedTower.textOf(Explorer.scenarioOf(report.token())), null), report,
                ExploreExtension.pageFile(context, context.getRequiredTestClass(), method, suffix),
                Explorer.Progress.NONE) + "\n";
    }

    private static Campaign campaign(Fuzz fuzz, List<String> productions, LoadedTower tower, ClassLoader loader) {
        Focus focus;
        try {
            focus = Focus.of(fuzz.floor());
        } catch (IllegalArgumentException e) {
            throw new ExplorerException("@Fuzz: " + e.getMessage(), e);
        }
        if (fuzz.programs() < 1 || fuzz.schedules() < 0) {
            throw new ExplorerException("@Fuzz: programs must be at least 1, and schedules at least 0, got "
                    + fuzz.programs() + " and " + fuzz.schedules());
        }
        Catalog catalog = Play.catalog(productions, loader);
        ProgramExplorer explorer = new ProgramExplorer(tower, fuzz.schedules(), Explorer.Progress.NONE);
        FuzzOptions options = new FuzzOptions(focus, fuzz.seed(), fuzz.programs(), Long.MAX_VALUE, fuzz.schedules(),
                productions, fuzz.misuse());
        return new Campaign(options, catalog, List.of(),
                programs -> programs.stream().map(explorer::explore).toList(), explorer, (_, _, _) -> true);
    }
}
