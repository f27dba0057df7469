package org.smp4j.fuzz.run;

import java.util.List;
import org.smp4j.call.IrqWorks;
import org.smp4j.fuzz.grammar.Kernel;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Player;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.TaskScenario;

/** A program on CPUs with tasks and stoppers. */
final class TasksRun extends TaskScenario {
    private final World world;
    private final Aftermath aftermath;

    TasksRun(World world) {
        super(world.program().cpus());
        this.world = world;
        aftermath = new Aftermath(world);
    }

    @Override
    protected void play() {
        world.on(new Kernel(cpus(), smp(), irqWorks(), scheduler(), hotplugLock(), stopMachine(), null));
        List<Player> players = world.program().players();
        for (int i = 0; i < players.size(); i++) {
            int number = i;
            Player player = players.get(i);
            if (player.kind() == Player.Kind.DEVICE) {
                device(player.cpu(), "device " + i, player.count(), () -> world.play(number));
            } else {
                CpuMask affinity = player.count() == 0 ? CpuMask.of(nrCpus, player.cpu())
                        : world.mask(player.count());
                world.started(i, task(affinity, "task " + i, () -> {
                    aftermath.play(number);
                }));
            }
        }
    }

    @Override
    protected boolean expects(Warnings.Warning warning) {
        return world.expects(warning);
    }

    @Override
    protected void check() {
        world.check();
    }
}
