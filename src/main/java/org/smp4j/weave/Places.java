package org.smp4j.weave;

import java.util.List;

/**
 * Which of several equal places are meant, and how many of them there have to be.
 *
 * @param number the number of the selected one, from 1; 0 for all
 * @param of how many there must be
 */
record Places(int number, int of) {
    static final Places ONLY = new Places(0, 1);

    Places {
        if (of < 1 || number < 0 || number > of) {
            throw new IllegalArgumentException("place " + number + " of " + of + ": they are numbered from 1");
        }
    }

    /** Those of the found places that are meant; an error if there are more or fewer than there have to be. */
    <T> List<T> choose(List<T> found, List<?> described, String what) {
        if (found.size() != of) {
            throw new WeaveException(what + " occurs " + found.size() + " times"
                    + (found.isEmpty() ? "" : " " + described) + ", where " + of
                    + (of == 1 ? " is" : " are") + " expected");
        }
        return number == 0 ? found : List.of(found.get(number - 1));
    }

    @Override
    public String toString() {
        return number != 0 ? "number " + number + " of " + of + " of the calls to " : of == 1 ? "the call to "
                : "all " + of + " calls to ";
    }
}
