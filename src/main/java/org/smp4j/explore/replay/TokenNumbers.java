package org.smp4j.explore.replay;

/** Reads the numbers of a token in order; each is checked before use, since tokens are untrusted input. */
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
     * @param most the largest valid number
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
     * The text that follows: its length, then its characters.
     *
     * @return the text
     * @throws IllegalArgumentException if it is empty or incomplete
     */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int left = length(1); left > 0; left--) {
            text.append((char) next(Character.MAX_VALUE));
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a text is missing");
        }
        return text.toString();
    }

    /**
     * The number of entries that follow.
     *
     * @param numbers how many numbers each entry has
     * @return the number of entries, which fit into the rest of the token
     * @throws IllegalArgumentException if they do not fit
     */
    int length(int numbers) {
        return next((bytes.length - at) / numbers);
    }
}
