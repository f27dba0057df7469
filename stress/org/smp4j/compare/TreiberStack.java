package org.smp4j.compare;

import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;

/** Treiber's stack: what explorers are compared with. */
public class TreiberStack {
    private record Node(int value, Node next) {
    }

    private final AtomicReference<Node> top = new AtomicReference<>();

    /** An empty stack. */
    public TreiberStack() {
    }

    /**
     * Pushes.
     *
     * @param value what
     */
    public void push(int value) {
        for (;;) {
            Node old = top.get();
            if (top.compareAndSet(old, new Node(value, old))) {
                return;
            }
        }
    }

    /** {@return what was pushed last, or -1} */
    public int pop() {
        for (;;) {
            Node old = top.get();
            if (old == null) {
                return -1;
            }
            if (top.compareAndSet(old, old.next)) {
                return old.value;
            }
        }
    }

    /** The operations, for the programs of this project. */
    public static final class Operations {
        private final TreiberStack stack = new TreiberStack();

        /** A fresh one. */
        public Operations() {
        }

        /**
         * Pushes.
         *
         * @param value what
         */
        @Operation
        public void push(@Range(from = 1, to = 3) int value) {
            stack.push(value);
        }

        /** {@return what was popped} */
        @Operation
        public int pop() {
            return stack.pop();
        }
    }

    /** Two threads with three operations each, for the explorer of this project. */
    public static final class Explored implements Runnable {
        private final TreiberStack stack = new TreiberStack();
        private int popped;

        /** A fresh one. */
        public Explored() {
        }

        @Override
        public void run() {
            Thread other = new Thread(() -> {
                stack.push(1);
                stack.push(2);
                popped += stack.pop();
            });
            other.start();
            stack.push(4);
            int own = stack.pop();
            stack.push(8);
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int left = 0;
            for (int value; (value = stack.pop()) >= 0;) {
                left += value;
            }
            if (left + own + popped != 15) {
                throw new AssertionError("of 15 there are " + (left + own + popped));
            }
        }
    }
}
