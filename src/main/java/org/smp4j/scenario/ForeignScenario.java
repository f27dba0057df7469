package org.smp4j.scenario;

import java.util.function.Consumer;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;

/**
 * A scenario made of callbacks, for callers outside the exploring loader, which can't name its machine's class.
 */
public final class ForeignScenario extends MachineScenario {
    private final String params;
    private final Consumer<Object> body;
    private final Consumer<Object> end;

    /**
     * A scenario.
     *
     * @param cpus how many CPUs its machine has
     * @param params more boot parameters
     * @param body gets the machine, and starts what happens
     * @param end gets the machine when nothing more happens
     */
    public ForeignScenario(int cpus, String params, Consumer<Object> body, Consumer<Object> end) {
        super(cpus);
        this.params = params;
        this.body = body;
        this.end = end;
    }

    @Override
    protected BootParams params() {
        return super.params().with(params);
    }

    @Override
    protected void run(Machine machine) {
        body.accept(machine);
    }

    @Override
    protected void check(Machine machine) {
        end.accept(machine);
    }
}
