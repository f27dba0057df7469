package org.smp4j.explore.engine;

import java.util.stream.Stream;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;

/**
 * The reason why the explorer refuses a program: a run reached a call that is not modelled. The exploration ends with
 * it, whatever the program catches.
 */
public final class Refusal {
    /** A run met classes that change how others are rewritten: with what is known now all begins anew. */
    public static final class Again extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Makes one. */
        public Again() {
            super("again", null, false, false);
        }
    }

    private final Execution x;
    private boolean learned;
    private String why;
    private Throwable shortage;

    Refusal(Execution x) {
        this.x = x;
    }

    void begin() {
        learned = false;
        why = null;
        shortage = null;
    }

    /**
     * Refuses the program outside of a hook, for example in class loading; the current run, if there is one, does not
     * count.
     *
     * @param reason one line
     * @return the exception to throw
     */
    public static ExplorerException met(String reason) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.refusal.later(reason);
        }
        return new ExplorerException(reason);
    }

    /** {@return the reason in this run; null if none} */
    public String why() {
        return why;
    }

    /**
     * The program has caught an error, or ends with one: if it shows that the JVM is short of memory, that the JDK's
     * own code was not made for the explorer, or that a library that is not rewritten has classes of the JDK where the
     * program has those that are explored, the run does not count, however it goes on.
     *
     * @param thrown the error
     */
    public static void caught(Throwable thrown) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return;
        }
        Refusal refusal = strand.execution.refusal;
        if (refusal.shortage == null) {
            refusal.shortage = HostException.shortage(thrown);
        }
        if (meetsLibrary(thrown)) {
            refusal.later("a library that is not rewritten knows classes of java.util.concurrent: "
                    + Names.real(String.valueOf(thrown.getMessage())).lines().findFirst().orElse("")
                    + "; let --rewrite, or rewrite of the test's annotation, name its package");
        }
        if (thrown instanceof LinkageError && !(thrown instanceof ExceptionInInitializerError)) {
            Stream.of(thrown.getStackTrace()).limit(1).filter(at -> at.getClassName().startsWith(Names.SHADOW))
                    .forEach(at -> refusal.later(Names.real(at.getClassName()) + "." + at.getMethodName() + " of JDK "
                            + Runtime.version() + " needs an internal that smp4j does not know: " + thrown
                            + "; explore on another JDK, or keep that class out of the scenario"));
        }
    }

    /** Whether an error comes of a class of {@code java.util.concurrent} that the program has under another name. */
    private static boolean meetsLibrary(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        return switch (thrown) {
            case ClassCastException _ -> message.startsWith("class java.util.concurrent.")
                    && message.contains(" cannot be cast to class " + Names.SHADOW);
            case NoSuchFieldError _ -> message.contains("'" + Names.SHADOW)
                    && !message.startsWith("Class " + Names.SHADOW);
            case AbstractMethodError _ -> message.contains("java.util.concurrent.");
            default -> false;
        };
    }

    /**
     * The running strand meets a class that changes how others are rewritten. Ends the run, or lets what needs the
     * class fail where the run can't be ended: it does not count.
     */
    public static void learns() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            Execution x = strand.execution;
            x.refusal.learned = true;
            if (!x.initialized.isCalled()) {
                x.leave(strand);
            }
        }
        throw new Again();
    }

    /** As {@link #learns}, but the run goes on. */
    public void learn() {
        learned = true;
    }

    /** {@return whether this run met such a class} */
    public boolean hasLearned() {
        return learned;
    }

    /** {@return what shows that the JVM was short of memory in this run; null if nothing does} */
    public Throwable shortage() {
        return shortage;
    }

    /** Ends the run at once: the explorer can't control the strand's next operation. */
    public void of(LiveStrand strand, String what, int site) {
        later(what + " at " + Sites.get(site).place()
                + " can't be controlled, so nothing would be proven: replace it by a call that the explorer models, "
                + "or keep it out of the scenario");
        if (x.initialized.isCalled()) {
            throw new ExplorerException(why); // frames of the JVM can't be left otherwise
        }
        x.leave(strand);
    }

    /** As {@link #of}, where the run can't be ended here: it does not count, however it ends. */
    private void later(String reason) {
        why = why == null ? reason : why;
    }
}
