package org.smp4j.explore.shadow;

/** Stands in for the JDK's internal class of that name. */
public final class ArraysSupport {
    private ArraysSupport() {
    }

    public static int newLength(int old, int least, int preferred) {
        int length = old + Math.max(least, preferred);
        if (length <= 0) {
            throw new OutOfMemoryError("Required length exceeds implementation limit");
        }
        return length;
    }

    public static <T> T[] reverse(T[] array) {
        for (int i = 0, j = array.length - 1; i < j; i++, j--) {
            T first = array[i];
            array[i] = array[j];
            array[j] = first;
        }
        return array;
    }
}
