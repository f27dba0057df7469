package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;

/** Scenarios of the lowest floor, on threads that sit on no CPU. */
public final class LibCases {
    private LibCases() {
    }

    static void together(Runnable... bodies) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable body : bodies) {
            threads.add(new Thread(body));
        }
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Two threads add nodes, and one takes them: each node comes out once, and one adder of each chain is told that the
     * list was empty.
     */
    public static final class AddAndTake implements Runnable {
        private static final class Node extends LlistNode {
            int out;
        }

        private final LlistHead head = new LlistHead();
        private final Node[] nodes = {new Node(), new Node(), new Node()};
        private final boolean[] first = new boolean[nodes.length];
        private int chains;

        private void add(int node) {
            first[node] = head.add(nodes[node]);
        }

        private void take() {
            LlistNode chain = head.delAll();
            if (chain != null) {
                chains++;
            }
            int length = 0;
            for (LlistNode node = chain; node != null; node = node.next()) {
                ((Node) node).out++;
                mustHold(++length <= nodes.length, "cyclic list", () -> "the list has no end");
            }
        }

        @Override
        public void run() {
            together(() -> {
                add(0);
                add(1);
            }, () -> add(2), this::take);
            take();
            for (Node node : nodes) {
                mustHold(node.out == 1, "lost node", () -> "a node came out " + node.out + " times");
            }
            int firsts = 0;
            for (boolean each : first) {
                firsts += each ? 1 : 0;
            }
            int told = firsts;
            mustHold(told == chains, "first adder", () -> told
                    + " adders were told that the list was empty, which happened " + chains + " times");
        }
    }

    /** Bits of one word of a mask, set and cleared by two threads. */
    public static final class MaskBits implements Runnable {
        private final CpuMask mask = CpuMask.of(4, 2, 3);

        @Override
        public void run() {
            together(() -> {
                mask.setCpu(0);
                mask.clearCpu(2);
            }, () -> {
                mask.setCpu(1);
                mask.clearCpu(3);
            });
            mustHold(mask.toString().equals("0-1"), "lost bit", () -> "the mask is " + mask);
        }
    }
}
