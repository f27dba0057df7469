package org.smp4j.fuzz.run;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Kernel;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.production.Delays;
import org.smp4j.fuzz.program.Player;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Stalls;

/** A program on a booted machine. */
final class MachineRun extends MachineScenario {
    private final World world;
    private final Aftermath aftermath;

    MachineRun(World world) {
        super(world.program().cpus());
        this.world = world;
        aftermath = new Aftermath(world);
    }

    @Override
    protected void run(Machine machine) {
        world.on(new Kernel(machine.cpus(), machine.smp(), machine.irqWorks(), machine.scheduler(),
                machine.cpuHotplugLock(), machine.stopMachine(), machine));
        boolean explored = Exploring.stretch(false); // no task runs before all are there
        List<Player> players = world.program().players();
        for (int i = 0; i < players.size(); i++) {
            int number = i;
            Player player = players.get(i);
            if (player.kind() == Player.Kind.DEVICE) {
                device(player.cpu(), "device " + i, player.count(), () -> world.play(number));
            } else {
                CpuMask affinity = player.count() == 0 ? CpuMask.of(world.program().cpus(), player.cpu())
                        : world.mask(player.count());
                world.started(i, task(affinity, "task " + i, () -> {
                    aftermath.play(number);
                }));
            }
        }
        Exploring.stretch(explored);
    }

    @Override
    protected Stalls stalls() {
        return Delays.of(world);
    }

    @Override
    protected void logged(String line) {
        if (stalls() != null) {
            world.handOvers().stuckReports().printed(line);
        }
    }

    @Override
    protected boolean expects(Warnings.Warning warning) {
        return world.expects(warning);
    }

    @Override
    protected void check(Machine machine) {
        world.check();
    }
}
