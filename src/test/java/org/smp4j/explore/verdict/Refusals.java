package org.smp4j.explore.verdict;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A call that is not modelled ends the exploration with a message: it is neither ignored nor reported as a failure of
 * the program.
 */
final class Refusals {
    private static final String CALL = "java.nio.file.Files.exists at Refusals$";

    private Refusals() {
    }

    /** The program catches every throwable of a task, as pools do. */
    @Gives(value = Verdict.REFUSAL, saying = CALL + "Swallowed")
    public static class Swallowed implements Runnable {
        private volatile int number;

        @Override
        public void run() {
            Path path = Path.of("none");
            Thread one = Threads.start("one", () -> {
                number = 1;
                try {
                    Files.exists(path);
                } catch (Throwable e) {
                    number = 3;
                }
            });
            number = 2;
            Threads.join(one);
        }
    }

    /** The program wraps the refusal in an exception of its own. */
    @Gives(value = Verdict.REFUSAL, saying = CALL + "Wrapped")
    public static class Wrapped implements Runnable {
        private volatile int number;

        @Override
        public void run() {
            Path path = Path.of("none");
            Thread one = Threads.start("one", () -> {
                number = 1;
                try {
                    Files.exists(path);
                } catch (Throwable e) {
                    throw new IllegalStateException("the task failed", e);
                }
            });
            number = 2;
            Threads.join(one);
        }
    }

    /** Ends the program as if all were well, while another thread runs. */
    @Gives(value = Verdict.REFUSAL, by = "portfolio", saying = "java.lang.System.exit(0) at Refusals$")
    public static class Ends implements Runnable {
        private volatile int number;

        @Override
        public void run() {
            Threads.start("one", () -> number = 1);
            number = 2;
            System.exit(0);
        }
    }

    /** Tries again for ever. */
    @Gives(value = Verdict.REFUSAL, saying = CALL + "TriesAgain")
    public static class TriesAgain implements Runnable {
        private volatile int number;

        @Override
        public void run() {
            Path path = Path.of("none");
            Thread one = Threads.start("one", () -> number = 1);
            number = 2;
            for (boolean done = false; !done;) {
                try {
                    done = Files.exists(path);
                } catch (Throwable e) {
                    done = false;
                }
            }
            Threads.join(one);
        }
    }

    /** A static initializer is treated like other code. */
    @Gives(value = Verdict.REFUSAL, saying = CALL + "InInitializer$Lazy.<clinit>")
    public static class InInitializer extends Statics.Beside {
        static class Lazy {
            static final boolean FOUND = Files.exists(Path.of("none"));
        }

        @Override
        void main() {
            Threads.require(!Lazy.FOUND, "it ran");
        }
    }

    /** The explorer would not see the classes of a layer. */
    @Gives(value = Verdict.REFUSAL, saying = "java.lang.ModuleLayer.defineModulesWithOneLoader at Refusals$OwnLayer")
    public static class OwnLayer extends Statics.Beside {
        @Override
        void main() {
            ModuleLayer.boot().defineModulesWithOneLoader(ModuleLayer.boot().configuration(), null);
        }
    }

    /** Few schedules reach the call: the refusal names the schedule. */
    @Gives(value = Verdict.REFUSAL, saying = {CALL + "Rare", "met in schedule "}, by = {"random", "bound3"},
            schedules = 10_000)
    public static class Rare implements Runnable {
        private volatile int first;
        private volatile int second;

        @Override
        public void run() {
            Thread one = Threads.start("one", () -> {
                first = 1;
                first = 2;
                first = 3;
                first = 4;
                second = 1;
            });
            Thread two = Threads.start("two", () -> {
                if (first == 3 && second == 0) {
                    second = 2;
                    if (first == 4) {
                        Files.exists(Path.of("none"));
                    }
                }
            });
            Threads.join(one, two);
        }
    }
}
