package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.List;

/** Numbers for the results of each call: equal results have the same. */
final class Known {
    private final List<List<Object>> results = new ArrayList<>();

    /** Makes one for so many calls. */
    Known(int calls) {
        for (int i = 0; i < calls; i++) {
            results.add(new ArrayList<>());
        }
    }

    /** {@return the number of a result, from 0} */
    int number(int call, Object result) {
        List<Object> known = results.get(call);
        for (int i = 0; i < known.size(); i++) {
            if (Results.same(known.get(i), result)) {
                return i;
            }
        }
        known.add(result);
        return known.size() - 1;
    }

    Object result(int call, int number) {
        return results.get(call).get(number);
    }
}
