package org.smp4j.explore.memory;

import java.util.Arrays;

/** The components of a state as numbers: two states are the same exactly if their keys are equal. */
public final class StateKey {
    private static final int MOST_BYTES = 5;

    private byte[] bytes = new byte[128];
    private int size;

    /** Appends a number; small ones take one byte. */
    public void add(int number) {
        if (size + MOST_BYTES > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        int rest = number << 1 ^ number >> 31;
        while (rest >>> 7 != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Gives up the space that is not needed; to be called when the key is complete. */
    public void trim() {
        bytes = Arrays.copyOf(bytes, Math.max(size, 2 * MOST_BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateKey that && Arrays.equals(bytes, 0, size, that.bytes, 0, that.size);
    }

    @Override
    public int hashCode() {
        int hash = size;
        for (int i = 0; i < size; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }
}
