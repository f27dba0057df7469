package org.smp4j.explore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;

class CellsTest {
    private static final int VALUE = Sites.field("value");
    private static final int LOCK = Sites.field("lock");

    /** One of a pool, which stands for another location in each run. */
    private static final class Pooled extends Location {
        private Object object = new AtomicInteger();
        private int field = VALUE;

        @Override
        public Object object() {
            return object;
        }

        @Override
        public int field() {
            return field;
        }

        @Override
        public int id() {
            return 0;
        }

        @Override
        public boolean isThreads() {
            return false;
        }

        @Override
        public boolean isClass() {
            return false;
        }

        @Override
        public boolean isLock() {
            return false;
        }

        @Override
        public boolean isWanted() {
            return false;
        }
    }

    @Test
    void nothingIsKeptFromRunToRun() {
        Pooled location = new Pooled();
        Cells cells = new Cells();
        cells.begin();
        Cells.Cell cell = cells.at(location);
        cell.number = 3;
        cell.published = View.NONE;
        assertThat(cells.at(location)).isSameAs(cell).extracting(each -> each.number).isEqualTo(3);
        HeapValue atomic = cell.heap;
        assertThat(atomic).isNotNull();
        cells.begin();
        assertThat(cells.at(location).number).isNegative();
        assertThat(cells.at(location).published).isNull();
        assertThat(cells.at(location).heap).isSameAs(atomic);
        location.object = new ReentrantLock();
        location.field = LOCK;
        cells.begin();
        assertThat(cells.at(location).heap).isNull();
        location.object = new AtomicInteger[1];
        location.field = -1;
        cells.begin();
        assertThat(cells.at(location).heap).isNotNull().isNotSameAs(atomic);
    }

    @Test
    void anotherMemoryKeepsNothingOfThis() {
        Pooled location = new Pooled();
        Cells one = new Cells();
        one.begin();
        one.at(location).number = 3;
        Cells other = new Cells();
        other.begin();
        assertThat(other.at(location).number).isNegative();
    }
}
