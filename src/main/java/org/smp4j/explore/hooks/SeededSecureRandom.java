package org.smp4j.explore.hooks;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.Random;
import org.smp4j.explore.model.Sites;

/** Stands in for a {@code SecureRandom}: its values follow from a seed, and are secure in no way. */
public final class SeededSecureRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private static final int MADE = Sites.add("", 0, "", null, 0, "new SecureRandom", "java.security.SecureRandom", 0);

    /** Makes one in place of {@code new SecureRandom()}. */
    public SeededSecureRandom() {
        this(ValueHooks.seed(MADE));
    }

    /** Makes one in place of {@code new SecureRandom(byte[])}. */
    public SeededSecureRandom(byte[] given) {
        this();
        setSeed(given);
    }

    SeededSecureRandom(long seed) {
        super(new Values(seed), null);
    }

    @Override
    public String getAlgorithm() {
        return "NativePRNG";
    }

    /** The source of the values. */
    private static final class Values extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        private final Random random;

        Values(long seed) {
            random = new Random(seed);
        }

        @Override
        protected void engineSetSeed(byte[] seed) {
            // it supplements the seed
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }

        @Override
        protected byte[] engineGenerateSeed(int count) {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        }
    }
}
