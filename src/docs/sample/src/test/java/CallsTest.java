import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.junit.Fuzz;
import org.smp4j.junit.SmpTest;

class CallsTest {
    private volatile int ran;

    @SmpTest(cpus = 2)
    void callRuns(Machine machine) {
        machine.run(0, () -> machine.smp().smpCallFunctionSingle(1, SmpCallFunc.named("run", info -> ran++), null,
                true));
        assert ran == 1;
    }

    @Fuzz(floor = "call", programs = 10)
    void programs() {
    }
}
