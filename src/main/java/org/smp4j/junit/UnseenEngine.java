package org.smp4j.junit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;
import org.junit.platform.engine.support.discovery.SelectorResolver;
import org.smp4j.explore.model.ExplorerException;

/**
 * Fails methods marked with {@link Explore}, {@link Linearizable} or {@link SmpTest} that can't be tests because they
 * are private, static or return a value: JUnit would skip them, and the build would pass. JUnit finds this engine by
 * itself.
 */
public final class UnseenEngine implements TestEngine {
    static final String ID = "smp4j";

    /** A method that JUnit does not see. */
    private static final class Unseen extends AbstractTestDescriptor {
        private final Method method;

        Unseen(UniqueId id, Method method) {
            super(id, method.getName(), MethodSource.from(method));
            this.method = method;
        }

        @Override
        public Type getType() {
            return Type.TEST;
        }

        Throwable failure() {
            return new ExplorerException(method.getDeclaringClass().getName() + "#" + method.getName()
                    + " is marked as a test, but JUnit would not run it: "
                    + "it must return void, and must be neither private nor static");
        }
    }

    /** Finds such methods. */
    private static final class Resolver implements SelectorResolver {
        @Override
        public Resolution resolve(ClassSelector selector, Context context) {
            unseen(selector.getJavaClass()).forEach(method -> add(method, context));
            return Resolution.unresolved();
        }

        @Override
        public Resolution resolve(MethodSelector selector, Context context) {
            if (isUnseen(selector.getJavaMethod())) {
                add(selector.getJavaMethod(), context);
            }
            return Resolution.unresolved();
        }

        private static void add(Method method, Context context) {
            context.addToParent(parent ->
                    Optional.of(new Unseen(parent.getUniqueId().append("method", method.toGenericString()), method)));
        }
    }

    /** Made by JUnit. */
    public UnseenEngine() {
    }

    private static boolean isUnseen(Method method) {
        return (ExploreExtension.isExplored(method) || LinearizableExtension.isTest(method)
                || SmpTestExtension.isTest(method))
                && ExploredMethod.isUnseen(method);
    }

    private static List<Method> unseen(Class<?> type) {
        return ReflectionSupport.findMethods(type, UnseenEngine::isUnseen, HierarchyTraversalMode.TOP_DOWN);
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
        EngineDescriptor engine = new EngineDescriptor(id, "Tests that JUnit does not see");
        EngineDiscoveryRequestResolver.<EngineDescriptor>builder()
                .addClassContainerSelectorResolver(type -> !unseen(type).isEmpty())
                .addSelectorResolver(new Resolver()).build().resolve(request, engine);
        return engine;
    }

    @Override
    public void execute(ExecutionRequest request) {
        TestDescriptor engine = request.getRootTestDescriptor();
        request.getEngineExecutionListener().executionStarted(engine);
        for (TestDescriptor test : engine.getChildren()) {
            request.getEngineExecutionListener().executionStarted(test);
            request.getEngineExecutionListener()
                    .executionFinished(test, TestExecutionResult.failed(((Unseen) test).failure()));
        }
        request.getEngineExecutionListener().executionFinished(engine, TestExecutionResult.successful());
    }
}
