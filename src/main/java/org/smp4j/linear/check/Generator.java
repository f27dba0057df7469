package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.smp4j.explore.model.Randomness;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.subject.Subject;

/** Draws programs, each only once. */
final class Generator {
    private static final int MOST_TRIES = 200;

    private final Subject subject;
    private final LinearOptions options;
    private final Randomness random = new Randomness(0);
    private final Set<Plan> drawn = new HashSet<>();

    /**
     * A generator that has drawn nothing.
     *
     * @param subject the operations
     * @param options the sizes, and the seed
     */
    Generator(Subject subject, LinearOptions options) {
        this.subject = subject;
        this.options = options;
        random.seed(options.seed());
    }

    /** {@return a program that was not drawn yet; null if there seems to be none} */
    Plan next() {
        for (int i = 0; i < MOST_TRIES; i++) {
            Plan plan = draw();
            if (!plan.threads().isEmpty() && drawn.add(plan)) {
                return plan;
            }
        }
        return null;
    }

    private Plan draw() {
        List<Subject.Op> all = subject.operations();
        Map<String, Integer> threadOf = new HashMap<>();
        all.forEach(op -> {
            if (!op.group().isEmpty() && !threadOf.containsKey(op.group())) {
                threadOf.put(op.group(), random.below(options.threads()));
            }
        });
        List<Plan.Call> before = calls(random.below(options.before() + 1), all());
        List<List<Plan.Call>> threads = new ArrayList<>();
        for (int thread = 0; thread < options.threads(); thread++) {
            int number = thread;
            threads.add(calls(options.operations(), all().filter(i -> all.get(i).group().isEmpty()
                    || threadOf.get(all.get(i).group()) == number)));
        }
        List<Plan.Call> after = calls(random.below(options.after() + 1), all().filter(i -> !all.get(i).isBlocking()));
        return new Plan(before, threads, after);
    }

    private IntStream all() {
        return IntStream.range(0, subject.operations().size());
    }

    private List<Plan.Call> calls(int count, IntStream from) {
        int[] choice = from.toArray();
        List<Plan.Call> calls = new ArrayList<>();
        for (int i = 0; i < count && choice.length > 0; i++) {
            int operation = choice[random.below(choice.length)];
            List<Integer> arguments = subject.operations().get(operation).values().stream()
                    .map(values -> random.below(values.size())).toList();
            calls.add(new Plan.Call(operation, arguments));
        }
        return calls;
    }
}
