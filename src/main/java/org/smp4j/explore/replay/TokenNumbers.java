package org.smp4j.explore.replay;

/** The numbers in a token, one after the other; each is checked before anything is made of it, for tokens come from anywhere. */
final class TokenNumbers {
    private final byte[] bytes;
    private int at;

    TokenNumbers(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    /**
     * The next number.
     *
     * @param most what it can be at most
     * @return the number, from 0
     * @throws IllegalArgumentException if there is none, or it is larger
     */
    int next(int most) {
        long number = 0;
        for (int shift = 0; shift < Integer.SIZE + 7; shift += 7) {
            if (atEnd()) {
                throw new IllegalArgumentException("a number is missing");
            }
            byte b = bytes[at++];
            number |= (b & 0x7fL) << shift;
            if (b >= 0) {
                if (number > most) {
                    throw new IllegalArgumentException(number + " is more than " + most);
                }
                return (int) number;
            }
        }
        throw new IllegalArgumentException("a number without an end");
    }

    /**
     * How many entries follow.
     *
     * @param numbers how many numbers each has
     * @return how many, no more than there is room for
     * @throws IllegalArgumentException if there is not
     */
    int length(int numbers) {
        return next((bytes.length - at) / numbers);
    }
}
