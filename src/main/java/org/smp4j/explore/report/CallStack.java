package org.smp4j.explore.report;

import java.util.List;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** What the calls in which a strand is say of its step: which function, which handler, which line of the user. */
final class CallStack {
    // Between two strands that stand on one stack.
    private static final List<String> BOUNDARIES = List.of("jdk.internal.vm.Continuation",
            "org.smp4j.explore.coroutine.");
    // What stands in for internals of the JDK.
    private static final List<String> INTERNALS = List.of(Names.SHADOW + "jdk.", Names.SHADOW + "sun.");

    private CallStack() {
    }

    /** Describes a step, at which the calling strand is. */
    static void describe(Run x, Strand strand, Step step) {
        List<StackTraceElement> frames = StackWalker.getInstance().walk(all -> all
                .takeWhile(frame -> BOUNDARIES.stream().noneMatch(frame.getClassName()::startsWith))
                .map(StackWalker.StackFrame::toStackTraceElement)
                .filter(frame -> Names.LOADER.equals(frame.getClassLoaderName())
                        && !frame.getMethodName().startsWith("smp4j$")
                        && INTERNALS.stream().noneMatch(frame.getClassName()::startsWith)).toList());
        Location at = strand.location();
        step.depth = frames.size();
        x.ask(strand, by -> {
            String handler = handler(frames, by);
            step.handler = handler != null;
            step.actor = name(strand, handler, by);
            step.function = frames.stream()
                    .filter(frame -> !by.isWrapper(frame.getClassName(), frame.getMethodName())
                            && !isAccessor(frame.getMethodName(), at))
                    .findFirst().map(CallStack::function).orElse("");
            step.user = frames.stream().filter(frame -> !by.isMachinery(frame.getClassName())).findFirst()
                    .map(frame -> frame.getFileName() + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : ""))
                    .orElse(null);
            step.own = !frames.isEmpty() && !by.isMachinery(frames.getFirst().getClassName());
            step.role = at == null || at.isThreads() || at.isClass() ? Describer.Role.STATE
                    : step.isOfLock() ? Describer.Role.LOCK : by.role(at.object(), Recording.fieldOf(at));
            return null;
        });
    }

    /** {@return whether a method is named after the field that it reads or sets} */
    private static boolean isAccessor(String method, Location at) {
        String field = at == null || at.isThreads() || at.isClass() ? "" : Recording.fieldOf(at);
        return method.equalsIgnoreCase(field) || method.length() == field.length() + 3
                && (method.startsWith("set") || method.startsWith("get")) && method.substring(3).equalsIgnoreCase(field)
                || method.equalsIgnoreCase("is" + field);
    }

    private static String handler(List<StackTraceElement> frames, Describer by) {
        for (int i = 1; i < frames.size(); i++) {
            if (by.isInterruptEntry(frames.get(i).getClassName())) {
                int inner = i - 1;
                while (inner > 0 && frames.get(inner).getMethodName().startsWith("lambda$")) {
                    inner--;
                }
                StackTraceElement outermost = frames.get(inner);
                return by.isWrapper(outermost.getClassName(), outermost.getMethodName()) ? "entry"
                        : function(outermost);
            }
        }
        return null;
    }

    private static String name(Strand strand, String handler, Describer by) {
        String actor = by.actor(strand.thread(), handler);
        return actor == null ? strand.name() : actor;
    }

    /** {@return a function as {@code Class.method}; a lambda as the method that it stands in} */
    private static String function(StackTraceElement frame) {
        String type = frame.getClassName();
        String method = frame.getMethodName();
        if (method.startsWith("lambda$")) {
            method = method.substring("lambda$".length(), method.lastIndexOf('$'));
        }
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1) + "." + method;
    }
}
