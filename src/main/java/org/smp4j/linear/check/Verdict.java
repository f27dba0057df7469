package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.smp4j.explore.model.Failure;

/** Describes an outcome that no sequential run has: calls and results, and the sequential runs that come nearest. */
final class Verdict {
    /** A sequential run, in the order of its calls. */
    private record Order(List<Integer> calls, int[] numbers, int differences) {
    }

    private static final int MOST_ORDERS = 5000;
    private static final int MOST_SHOWN = 4;

    private final Calls calls;
    private final Plan plan;
    private final Sequential sequential;
    private final Known known;
    private final int[] numbers;
    private final int[][] ended;
    private final List<Order> orders = new ArrayList<>();

    Verdict(Calls calls, Sequential sequential, Known known, int[] numbers, int[][] ended) {
        this.calls = calls;
        plan = calls.plan;
        this.sequential = sequential;
        this.known = known;
        this.numbers = numbers;
        this.ended = ended;
    }

    /**
     * Describes the run at hand.
     *
     * @param failure the failure of a run in which calls wait for ever; null for a run that completed
     * @param waiting these calls
     * @param late whether only the times of the calls are wrong
     * @return the failure to report
     */
    Failure of(Failure failure, List<Integer> waiting, boolean late) throws Sequential.Stale, Sequential.Wrong {
        List<String> details = new ArrayList<>(ProgramTable.of(calls, "waits"));
        List<Integer> path = new ArrayList<>();
        collect(sequential.root(), path, new int[plan.threads().size()]);
        orders.sort(Comparator.comparingInt(Order::differences));
        int distinct = (int) orders.stream().map(each -> Arrays.toString(each.numbers)).distinct().count();
        details.add(distinct == 1 ? "the only results that a sequential run has:"
                : "results that sequential runs have, the nearest first, " + Math.min(distinct, MOST_SHOWN) + " of "
                + distinct + ":");
        orders.stream().filter(each -> orders.stream().filter(other -> Arrays.equals(other.numbers, each.numbers))
                .findFirst().orElseThrow() == each).limit(MOST_SHOWN).map(this::line).forEach(details::add);
        if (failure != null) {
            details.addAll(failure.details());
            String names = waiting.stream().map(this::name).collect(Collectors.joining(" and "));
            return new Failure(failure.rule(), names + (waiting.size() == 1 ? " waits" : " wait")
                    + " for ever, as in no sequential run with these results", details, null);
        }
        return new Failure(Judge.RULE, late ? "these results need an order in which a call that had ended takes effect "
                + "after one that began later" : "no sequential run of these calls has these results",
                details, null);
    }

    private String name(int call) {
        for (int thread = 0; thread < plan.threads().size(); thread++) {
            if (call >= plan.first(thread) && call < plan.first(thread) + plan.threads().get(thread).size()) {
                return plan.names()[thread] + "." + calls.text(call);
            }
        }
        return calls.text(call);
    }

    /** Collects the sequential runs in which the calls keep their order in time. */
    private void collect(Sequential.Node node, List<Integer> path, int[] progress)
            throws Sequential.Stale, Sequential.Wrong {
        boolean went = false;
        for (int thread = 0; thread < progress.length && orders.size() < MOST_ORDERS; thread++) {
            int call = plan.first(thread) + progress[thread];
            if (progress[thread] == plan.threads().get(thread).size() || !isTimely(call, progress)) {
                continue;
            }
            int[] order = path.stream().mapToInt(this::threadOf).toArray();
            Sequential.Node next = sequential.after(node, order, order.length, thread);
            if (!next.isBlocked()) {
                went = true;
                path.add(call);
                progress[thread]++;
                collect(next, path, progress);
                progress[thread]--;
                path.removeLast();
            }
        }
        if (!went && orders.size() < MOST_ORDERS) {
            orders.add(order(path, node));
        }
    }

    private boolean isTimely(int call, int[] progress) {
        return IntStream.range(0, progress.length).allMatch(thread -> progress[thread] >= ended[call][thread]);
    }

    private int threadOf(int call) {
        int thread = 0;
        while (call >= plan.first(thread) + plan.threads().get(thread).size()) {
            thread++;
        }
        return thread;
    }

    private Order order(List<Integer> path, Sequential.Node end) throws Sequential.Stale, Sequential.Wrong {
        int[] results = new int[numbers.length];
        Arrays.fill(results, -1);
        int[] before = sequential.before();
        System.arraycopy(before, 0, results, 0, before.length);
        Sequential.Node node = sequential.root();
        int[] order = path.stream().mapToInt(this::threadOf).toArray();
        for (int i = 0; i < order.length; i++) {
            node = sequential.after(node, order, i, order[i]);
            results[path.get(i)] = node.result();
        }
        for (int i = 0; end.last() != null && i < end.last().length; i++) {
            results[plan.firstAfter() + i] = end.last()[i];
        }
        int differences = (int) IntStream.range(0, results.length).filter(i -> results[i] != numbers[i]).count();
        return new Order(List.copyOf(path), results, differences);
    }

    /** {@return a sequential run; results that the run at hand does not have are marked} */
    private String line(Order order) {
        List<Integer> all = new ArrayList<>(order.calls);
        for (int call = plan.firstAfter(); call < numbers.length && order.numbers[call] >= 0; call++) {
            all.add(call);
        }
        String text = all.stream().map(call -> Results.text(name(call), known.result(call, order.numbers[call]))
                + (order.numbers[call] == numbers[call] ? "" : " (*)")).collect(Collectors.joining(", "));
        String waits = IntStream.range(plan.first(0), plan.firstAfter())
                .filter(call -> order.numbers[call] < 0 && isNext(call, order.calls)).mapToObj(this::name)
                .collect(Collectors.joining(", "));
        return "  " + text + (waits.isEmpty() ? "" : (text.isEmpty() ? "" : ", then ") + waits + " would wait");
    }

    private boolean isNext(int call, List<Integer> made) {
        return call == plan.first(threadOf(call)) || made.contains(call - 1);
    }
}
