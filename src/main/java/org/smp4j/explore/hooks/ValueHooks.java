package org.smp4j.explore.hooks;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Randomness;

/**
 * In place of JDK calls that take the time or random values from outside. The time is the run's. The n-th value that a
 * strand asks for is the same in every schedule; or a choice, if the {@link Leeway} says so.
 */
public final class ValueHooks {
    private static final int CHOICES = 4;
    private static final long SALT = 0x5DEECE66DL;

    private ValueHooks() {
    }

    /** The seed of a random generator that the program makes without one. */
    public static long seed(int site) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return SALT;
        }
        strand.execution.hold.happened();
        strand.execution.assumptions.add(Assumptions.Rule.RANDOM);
        long drawn = Randomness.mix(SALT * (strand.number + 1) + strand.drawn++);
        if (!strand.execution.time.leeway.random() || strand.quiet != 0) {
            return drawn;
        }
        int choice = strand.execution.plainSteps.choose(strand, site, CHOICES);
        return choice == 0 ? drawn : Randomness.mix(drawn + choice);
    }

    /** Replaces {@code Math.random()}. */
    public static double random(int site) {
        return (seed(site) >>> 11) * 0x1.0p-53;
    }

    /** A generator in place of one that the JDK seeds itself. */
    public static Random generator(int site) {
        return new Random(seed(site));
    }

    /** Replaces {@code SecureRandom.getInstanceStrong()}. */
    public static SecureRandom secureRandom(int site) {
        return new SeededSecureRandom(seed(site));
    }

    /** Replaces {@code SecureRandom.getInstance}. */
    public static SecureRandom secureRandom(String algorithm, int site) {
        return secureRandom(site);
    }

    /** Replaces {@code UUID.randomUUID()}. */
    public static UUID randomUUID(int site) {
        long high = seed(site);
        return new UUID(high & ~0xf000L | 0x4000L, Randomness.mix(high) >>> 2 | Long.MIN_VALUE);
    }

    /** Replaces {@code RandomGenerator.getDefault()}. */
    public static RandomGenerator defaultGenerator(int site) {
        return RandomGeneratorFactory.getDefault().create(seed(site));
    }

    /** Replaces {@code RandomGenerator.of}. */
    public static RandomGenerator generatorOf(String name, int site) {
        return RandomGeneratorFactory.of(name).create(seed(site));
    }

    /** Replaces {@code RandomGeneratorFactory.create()}. */
    public static RandomGenerator create(RandomGeneratorFactory<?> factory, int site) {
        return factory.create(seed(site));
    }

    /** The time of a date that the program makes without one. */
    public static long millis(int site) {
        return Hooks.currentTimeMillis(site);
    }

    /** Replaces {@code Clock.systemUTC()}, and gives the clock to {@code now()} with a fixed zone. */
    public static Clock utc() {
        return new RunClock(ZoneId.of("Z"));
    }

    /** Replaces {@code Clock.systemDefaultZone()}, and gives the clock to {@code now()}. */
    public static Clock clock() {
        return new RunClock(ZoneId.systemDefault());
    }

    /** Replaces {@code Clock.system}, and gives the clock to {@code now(ZoneId)}. */
    public static Clock clock(ZoneId zone) {
        return new RunClock(zone);
    }

    /** Replaces {@code Clock.tickMillis}. */
    public static Clock tickMillis(ZoneId zone) {
        return new RunClock(zone); // its ticks are milliseconds
    }

    /** Replaces {@code Clock.tickSeconds}. */
    public static Clock tickSeconds(ZoneId zone) {
        return Clock.tick(new RunClock(zone), Duration.ofSeconds(1));
    }

    /** Replaces {@code Clock.tickMinutes}. */
    public static Clock tickMinutes(ZoneId zone) {
        return Clock.tick(new RunClock(zone), Duration.ofMinutes(1));
    }

    /** Replaces {@code InstantSource.system()}. */
    public static InstantSource instantSource() {
        return utc();
    }

    /** Replaces {@code Calendar.getInstance()}. */
    public static Calendar calendar(int site) {
        return at(Calendar.getInstance(), site);
    }

    /** Replaces {@code Calendar.getInstance(TimeZone)}. */
    public static Calendar calendar(TimeZone zone, int site) {
        return at(Calendar.getInstance(zone), site);
    }

    /** Replaces {@code Calendar.getInstance(Locale)}. */
    public static Calendar calendar(Locale locale, int site) {
        return at(Calendar.getInstance(locale), site);
    }

    /** Replaces {@code Calendar.getInstance(TimeZone, Locale)}. */
    public static Calendar calendar(TimeZone zone, Locale locale, int site) {
        return at(Calendar.getInstance(zone, locale), site);
    }

    private static Calendar at(Calendar calendar, int site) {
        calendar.setTimeInMillis(Hooks.currentTimeMillis(site));
        return calendar;
    }
}
