package org.smp4j.linear.check;

import java.lang.invoke.MethodHandle;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.Failure;
import org.smp4j.linear.subject.Subjects;

/** What a run of a program executes: its calls on several threads at the same time. The end of a run is judged. */
final class PlanBody implements LoadedProgram.Body {
    private final Calls calls;
    private final Judge judge;
    private final MethodHandle together;
    private final String[] names;
    private final boolean ends;

    /**
     * Binds a program to loaded classes.
     *
     * @param plan the calls
     * @param type the class under test
     * @param subjects finds its operations
     * @param program the program, as it is explored
     * @param rules what is checked
     */
    PlanBody(Plan plan, Class<?> type, Subjects subjects, LoadedProgram program, Rules rules)
            throws ReflectiveOperationException {
        calls = new Calls(plan, subjects.of(type));
        Known known = new Known(plan.calls().size() + 1);
        judge = new Judge(calls, new Sequential(program, type, plan, subjects, known, rules.stepLimit()), known,
                rules.realTime(), subjects::addUnjudged);
        together = Calls.threads(type, "together", String[].class, Runnable[].class);
        names = plan.names();
        ends = rules.ends();
    }

    @Override
    public void run() throws Throwable {
        Exploring.stretch(false); // until the threads have started
        calls.begin();
        Runnable[] bodies = new Runnable[names.length];
        for (int thread = 0; thread < bodies.length; thread++) {
            int first = calls.plan.first(thread);
            int end = first + calls.plan.threads().get(thread).size();
            bodies[thread] = () -> {
                for (int call = first; call < end; call++) {
                    call(call);
                }
            };
        }
        together.invokeExact(names, bodies);
        calls.end();
    }

    /** A call begins with a step, so that a call of another thread may have ended before. */
    private void call(int call) {
        Exploring.step(false, () -> calls.text(call));
        try {
            calls.call(call);
        } catch (Throwable e) {
            throw Calls.<RuntimeException>unchecked(e);
        }
        if (ends) {
            Exploring.step(true, () -> "end of " + calls.textWithResult(call, ""));
        } else {
            Exploring.note(() -> "end of " + calls.textWithResult(call, ""));
        }
    }

    @Override
    public Object root() {
        return calls.object();
    }

    @Override
    public Failure judge(Failure failure) {
        return judge.judge(failure);
    }
}
