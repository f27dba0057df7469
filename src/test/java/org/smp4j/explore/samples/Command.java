package org.smp4j.explore.samples;

/** Two threads count in a static field; a program that is called by its {@code main}. */
public final class Command {
    private static int count;

    private Command() {
    }

    /** A class that is neither a scenario nor has a {@code main}. */
    public static final class Without {
        private Without() {
        }
    }

    /** Counts twice. */
    public static void main(String[] args) throws InterruptedException {
        count += args.length;
        Thread other = new Thread(() -> count++);
        other.start();
        count++;
        other.join();
        assert count == 2 : "lost";
    }
}
