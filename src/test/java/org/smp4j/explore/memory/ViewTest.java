package org.smp4j.explore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final int LOCATIONS = 70;

    private static int[] times(View view) {
        int[] times = new int[LOCATIONS];
        for (int i = 0; i < times.length; i++) {
            times[i] = view.at(i);
        }
        return times;
    }

    private static boolean isWithin(int[] one, int[] other) {
        for (int i = 0; i < one.length; i++) {
            if (one[i] > other[i]) {
                return false;
            }
        }
        return true;
    }

    @Test
    void viewsAreWhatArraysWouldBe() {
        Random random = new Random(1);
        View[] views = new View[6];
        int[][] model = new int[views.length][LOCATIONS];
        Arrays.fill(views, View.NONE);
        for (int turn = 0; turn < 20_000; turn++) {
            int to = random.nextInt(views.length);
            int[] before = times(views[to]);
            View changed;
            if (random.nextInt(3) > 0) {
                int location = random.nextInt(LOCATIONS);
                int time = random.nextInt(1 + turn / 10);
                changed = views[to].with(location, time);
                assertThat(changed == views[to]).isEqualTo(time <= model[to][location]);
                model[to][location] = Math.max(model[to][location], time);
            } else if (random.nextInt(20) == 0) {
                changed = View.NONE;
                model[to] = new int[LOCATIONS];
            } else {
                int from = random.nextInt(views.length);
                changed = views[to].join(views[from]);
                boolean covers = isWithin(model[from], model[to]);
                assertThat(changed == views[to]).isEqualTo(covers || views[to] == views[from]);
                assertThat(changed == views[from])
                        .isEqualTo(!covers && isWithin(model[to], model[from]) || views[to] == views[from]);
                for (int i = 0; i < LOCATIONS; i++) {
                    model[to][i] = Math.max(model[to][i], model[from][i]);
                }
            }
            assertThat(times(views[to])).as("the old view stays").isEqualTo(before);
            views[to] = changed;
            assertThat(times(changed)).isEqualTo(model[to]);
        }
    }

    @Test
    void aLocationBeyondTheEndIsUnknown() {
        View view = View.NONE.with(40, 3);
        assertThat(view.at(39)).isZero();
        assertThat(view.at(1_000)).isZero();
        assertThat(View.NONE.join(view)).isSameAs(view);
        assertThat(view.join(View.NONE)).isSameAs(view);
    }
}
