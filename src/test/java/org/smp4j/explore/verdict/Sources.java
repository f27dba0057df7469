package org.smp4j.explore.verdict;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What the JDK takes from outside, such as seeds and the time of day, is the same in each run. */
final class Sources {
    private Sources() {
    }

    /** Makes as many steps as a value says; another number in the next run would be refused. */
    abstract static class Value extends Statics.Beside {
        abstract long value();

        @Override
        void main() {
            for (long left = Math.floorMod(value(), 32); left > 0; left--) {
                beside++;
            }
        }
    }

    /** Generators without a seed. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound1"}, schedules = 100)
    public static class Seeds extends Value {
        @Override
        long value() {
            Supplier<Random> make = Random::new;
            return new Random().nextInt() + make.get().nextInt() + new SplittableRandom().nextInt()
                    + (long) (Math.random() * 1000) + (long) (StrictMath.random() * 1000)
                    + RandomGenerator.getDefault().nextInt() + RandomGenerator.of("Xoshiro256PlusPlus").nextInt();
        }
    }

    /** A subclass of a generator. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class SeedOfSubclass extends Value {
        private static final class Own extends Random {
            private static final long serialVersionUID = 1L;
        }

        @Override
        long value() {
            return new Own().nextInt();
        }
    }

    /** Values that are meant to be secret. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class Secrets extends Value {
        @Override
        long value() {
            SecureRandom random = new SecureRandom();
            UUID id = UUID.randomUUID();
            Threads.require(id.version() == 4 && id.variant() == 2, "not random: " + id);
            return random.nextInt() + id.getLeastSignificantBits() + id.getMostSignificantBits();
        }
    }

    /** The order of a list that is shuffled. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100, saying = "Collections.shuffle")
    public static class Shuffled extends Value {
        @Override
        long value() {
            List<Integer> list = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6));
            Collections.shuffle(list);
            return list.getFirst();
        }
    }

    /** The order of a hash table of objects that nothing tells apart. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class BareKeys extends Value {
        @Override
        long value() {
            List<Object> keys = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                keys.add(new Object());
            }
            Set<Object> set = new HashSet<>(keys);
            Threads.require(keys.getFirst().toString().startsWith("java.lang.Object@"), keys.getFirst().toString());
            return keys.indexOf(set.iterator().next());
        }
    }

    /** The time of day, from all that tells it. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound1"}, schedules = 100)
    public static class TimeOfDay extends Value {
        @Override
        long value() {
            return Instant.now().toEpochMilli() + new Date().getTime() + Clock.systemUTC().millis()
                    + Clock.systemDefaultZone().instant().toEpochMilli() + Calendar.getInstance().getTimeInMillis()
                    + LocalDateTime.now().getNano() + LocalDateTime.now(ZoneId.of("Z")).getNano();
        }
    }

    /** Time passes between two looks at a clock. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, saying = "100 ms have passed")
    public static class TwoInstants extends Timeouts.TwoLooks {
        @Override
        long clock() {
            return Instant.now().toEpochMilli();
        }
    }

    /** Two values of a generator differ. */
    @Gives(Verdict.PASS)
    public static class Differ implements Runnable {
        @Override
        public void run() {
            Threads.join(Threads.start("other", () -> Threads.require(Math.random() != Math.random(), "the same")));
            Threads.require(new Random().nextLong() != new Random().nextLong(), "the same");
        }
    }

    /** By default what is drawn is the same in each schedule. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"})
    public static class SameDraw extends Statics.Beside {
        @Override
        void main() {
            beside++;
            int drawn = new Random().nextInt(1000);
            Threads.require(drawn == 682, "drawn: " + drawn);
        }
    }

    /** On request, schedules differ in what is drawn. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"}, random = true, saying = "drawn: ")
    public static class Choices extends SameDraw {
    }
}
