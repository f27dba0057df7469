import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.junit.Explore;
import org.smp4j.junit.Linearizable;
import org.smp4j.linear.Operation;

class HitsTest {
    private final AtomicInteger hits = new AtomicInteger();

    @Operation
    int hit() {
        return hits.incrementAndGet();
    }

    @Explore
    void twoThreadsHit() throws InterruptedException {
        Thread other = new Thread(this::hit);
        other.start();
        hit();
        other.join();
        assert hits.get() == 2 : "hits is " + hits;
    }

    @Linearizable
    void isLinearizable() {
    }
}
