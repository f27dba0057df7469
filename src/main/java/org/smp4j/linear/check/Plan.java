package org.smp4j.linear.check;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.subject.Subject;

/**
 * A program of operations: some before the threads start, some on each thread, some after all threads have ended.
 *
 * @param before the calls before
 * @param threads the calls of each thread
 * @param after the calls after
 */
record Plan(List<Call> before, List<List<Call>> threads, List<Call> after) {
    /**
     * A call of an operation.
     *
     * @param operation its index among the operations
     * @param arguments by parameter, the index of its value
     */
    record Call(int operation, List<Integer> arguments) {
        Object[] values(Subject subject) {
            Subject.Op op = subject.operations().get(operation);
            Object[] values = new Object[arguments.size()];
            Arrays.setAll(values, i -> op.values().get(i).get(arguments.get(i)));
            return values;
        }

        String text(Subject subject) {
            return subject.operations().get(operation).name() + Arrays.stream(values(subject)).map(Results::text)
                    .collect(Collectors.joining(", ", "(", ")"));
        }
    }

    Plan {
        before = List.copyOf(before);
        threads = threads.stream().map(List::copyOf).filter(calls -> !calls.isEmpty()).toList();
        after = List.copyOf(after);
    }

    /** {@return all calls: those before, those of each thread, those after} */
    List<Call> calls() {
        List<Call> all = new ArrayList<>(before);
        threads.forEach(all::addAll);
        all.addAll(after);
        return all;
    }

    /** {@return the index among all calls of a thread's first call} */
    int first(int thread) {
        int first = before.size();
        for (int i = 0; i < thread; i++) {
            first += threads.get(i).size();
        }
        return first;
    }

    /** {@return the index of the first call after} */
    int firstAfter() {
        return first(threads.size());
    }

    /** {@return the names of the threads} */
    String[] names() {
        String[] names = new String[threads.size()];
        Arrays.setAll(names, i -> Character.toString('A' + i));
        return names;
    }

    /** {@return smaller programs, those that lack most first} */
    List<Plan> smaller() {
        List<Plan> smaller = new ArrayList<>();
        for (int i = 0; i < threads.size() && threads.size() > 1; i++) {
            smaller.add(new Plan(before, without(threads, i), after));
        }
        if (before.size() > 1) {
            smaller.add(new Plan(List.of(), threads, after));
        }
        if (after.size() > 1) {
            smaller.add(new Plan(before, threads, List.of()));
        }
        for (int i = 0; i < after.size(); i++) {
            smaller.add(new Plan(before, threads, without(after, i)));
        }
        for (int i = 0; i < before.size(); i++) {
            smaller.add(new Plan(without(before, i), threads, after));
        }
        for (int i = 0; i < threads.size(); i++) {
            for (int j = threads.get(i).size() - 1; j >= 0; j--) {
                List<List<Call>> fewer = new ArrayList<>(threads);
                fewer.set(i, without(threads.get(i), j));
                smaller.add(new Plan(before, fewer, after));
            }
        }
        smaller.removeIf(plan -> plan.threads.isEmpty());
        return smaller;
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> fewer = new ArrayList<>(list);
        fewer.remove(index);
        return fewer;
    }

    /** {@return the program as one word} */
    String encode(int fingerprint) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(fingerprint >>> shift);
        }
        put(out, threads.size());
        List<List<Call>> parts = new ArrayList<>(threads);
        parts.add(before);
        parts.add(after);
        for (List<Call> part : parts) {
            put(out, part.size());
            for (Call call : part) {
                put(out, call.operation());
                call.arguments().forEach(argument -> put(out, argument));
            }
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    private static void put(ByteArrayOutputStream out, int number) {
        out.write(number >>> Byte.SIZE);
        out.write(number);
    }

    /**
     * {@return the program that a word stands for}
     *
     * @param word the word
     * @param subject the class that it is about
     * @param className its name
     * @throws ExplorerException if it is damaged, or the operations are others now
     */
    static Plan decode(String word, Subject subject, String className) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(word);
        } catch (IllegalArgumentException e) {
            throw new ExplorerException("the token's program is damaged; copy the token again from the report", e);
        }
        int fingerprint = 0;
        for (int i = 0; i < Integer.BYTES && i < bytes.length; i++) {
            fingerprint |= (bytes[i] & 0xff) << i * Byte.SIZE;
        }
        if (fingerprint != subject.fingerprint()) {
            throw new ExplorerException("the operations of " + className
                    + " have changed since this token was made; explore it again");
        }
        int[] at = {Integer.BYTES};
        int threads = next(bytes, at);
        List<List<Call>> parts = new ArrayList<>();
        for (int i = 0; i < threads + 2; i++) {
            List<Call> part = new ArrayList<>();
            for (int left = next(bytes, at); left > 0; left--) {
                int operation = next(bytes, at);
                List<Integer> arguments = new ArrayList<>();
                for (int j = 0; j < subject.operations().get(operation).values().size(); j++) {
                    arguments.add(next(bytes, at));
                }
                part.add(new Call(operation, arguments));
            }
            parts.add(part);
        }
        return new Plan(parts.get(threads), parts.subList(0, threads), parts.get(threads + 1));
    }

    private static int next(byte[] bytes, int[] at) {
        if (at[0] + 2 > bytes.length) {
            throw new ExplorerException("the token's program is damaged; copy the token again from the report");
        }
        at[0] += 2;
        return (bytes[at[0] - 2] & 0xff) << Byte.SIZE | bytes[at[0] - 1] & 0xff;
    }
}
