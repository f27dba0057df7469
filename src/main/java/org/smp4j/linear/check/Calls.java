package org.smp4j.linear.check;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import org.smp4j.linear.subject.Subject;

/**
 * The calls of a program on the objects of one loader: makes an object, calls it, and writes down what happens. The
 * last entry of the history is the state, if the class tells it.
 */
final class Calls {
    private static final String THREADS = "org.smp4j.scenario.ForeignThreads";

    final Plan plan;
    final Subject subject;
    final History history;
    private final MethodHandle[] handles;
    private final Object[][] arguments;
    private final boolean[] isVoid;
    private final String[] texts;
    private Object object;

    Calls(Plan plan, Subject subject) {
        this.plan = plan;
        this.subject = subject;
        List<Plan.Call> all = plan.calls();
        int count = all.size();
        history = new History(count + (subject.hasState() ? 1 : 0));
        handles = new MethodHandle[count];
        arguments = new Object[count][];
        isVoid = new boolean[count];
        texts = new String[count + 1];
        for (int i = 0; i < count; i++) {
            Subject.Op op = subject.operations().get(all.get(i).operation());
            handles[i] = op.handle();
            arguments[i] = all.get(i).values(subject);
            isVoid[i] = op.isVoid();
            texts[i] = all.get(i).text(subject);
        }
        texts[count] = "state";
    }

    /** {@return the object under test of the latest run} */
    Object object() {
        return object;
    }

    /** Begins a run with a fresh object. */
    void begin() throws Throwable {
        history.clear();
        object = subject.make();
        for (int call = 0; call < plan.before().size(); call++) {
            call(call);
        }
    }

    /** Makes a call. */
    void call(int call) throws Throwable {
        history.begins(call);
        Object result;
        try {
            result = handles[call].invokeExact(object, arguments[call]);
            result = isVoid[call] ? Results.VOID : Results.returned(result);
        } catch (Throwable e) {
            if (!Results.isResult(e)) {
                throw e;
            }
            result = new Results.Thrown(e.getClass());
        }
        history.ends(call, result);
    }

    /** The threads have ended: makes the calls after, and asks for the state. */
    void end() throws Throwable {
        int count = handles.length;
        for (int call = plan.firstAfter(); call < count; call++) {
            call(call);
        }
        if (subject.hasState()) {
            history.begins(count);
            history.ends(count, Results.returned(subject.state(object)));
        }
        subject.check(object);
        object = null;
    }

    /** {@return a call as a reader would write it} */
    String text(int call) {
        return texts[call];
    }

    /** {@return a call with the result that it had; if it has not ended, with that word} */
    String textWithResult(int call, String pending) {
        return !history.hasEnded(call) ? texts[call] + (history.isPending(call) ? " " + pending : "")
                : Results.text(texts[call], history.result(call));
    }

    /** A method that starts threads, by name, since it belongs to the classes of the program. */
    static MethodHandle threads(Class<?> type, String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = Class.forName(THREADS, false, type.getClassLoader()).getMethod(name, parameters);
        return MethodHandles.publicLookup().unreflect(method)
                .asType(MethodType.methodType(void.class, parameters));
    }

    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException unchecked(Throwable e) throws E {
        throw (E) e;
    }
}
