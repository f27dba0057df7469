package org.smp4j.cli;

import java.util.concurrent.Callable;
import org.smp4j.cpu.Pinning;
import org.smp4j.lib.BootParams;
import org.smp4j.torture.Torture;
import org.smp4j.torture.TortureConfig;
import org.smp4j.torture.TortureParam;
import org.smp4j.torture.TortureResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code smp4j torture}. */
@Command(name = "torture", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, usageHelpAutoWidth = true, sortOptions = false,
        modelTransformer = TortureCommand.Parameters.class,
        description = {"Tortures calls between CPUs, as the kernel's scftorture does.",
            "Runs until --shutdown-secs are over or Ctrl-C. Exits with 0 on SUCCESS, 1 on FAILURE or LOCK_HOTPLUG, 2 if the options make no sense.",
            "Parameters have the kernel's names; _ and - mean the same in them.%n"})
final class TortureCommand implements Callable<Integer> {
    private static final int MAX_CPUS = 1024;
    private static final String BOOT = "boot parameter: ";

    /** Adds an option for each parameter of the test and each boot parameter. */
    static final class Parameters implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            for (TortureParam param : TortureParam.values()) {
                spec.addOption(number(param.kernelName(), param.description() + " (" + param.byDefault() + ")").build());
            }
            BootParams boot = TortureConfig.cpus(1).boot();
            spec.addOption(boot("maxcpus", "N", "how many CPUs boot brings online (all)").build());
            spec.addOption(boot("idle", "poll|halt", "what an idle CPU does (poll)").build());
            spec.addOption(boot("csdlock_debug", "0|1", "watch waits for csd locks (1)").arity("0..1").fallbackValue("1").build());
            spec.addOption(boot("csd_lock_timeout", "MS", "milliseconds after which such a wait is reported; 0: never (" + boot.csdLockTimeout() + ")").build());
            spec.addOption(boot("panic_on_ipistall", "MS", "milliseconds after which it is a panic; 0: never (0)").build());
            spec.addOption(boot("panic_on_warn", "0|1", "a warning is a panic (0)").arity("0..1").fallbackValue("1").build());
            spec.addOption(boot("watchdog_thresh", "S", "seconds after which a CPU that takes no interrupt is reported; 0: never (" + boot.watchdogThresh()
                    + ")").build());
            spec.addOption(boot("pin", "none|1", "bind each CPU's thread to a core of the host (1)").build());
            return spec;
        }

        private static OptionSpec.Builder number(String name, String description) {
            return OptionSpec.builder("--" + name.replace('_', '-')).paramLabel("N").type(Integer.class).description(description);
        }

        private static OptionSpec.Builder boot(String name, String label, String description) {
            return OptionSpec.builder("--" + name.replace('_', '-')).paramLabel(label).type(String.class).description(BOOT + description);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--cpus", paramLabel = "N", description = "CPUs of the machine, 1 to " + MAX_CPUS + " (cores of the host, at least 4)")
    private Integer cpus;

    @Option(names = "--seed", paramLabel = "N", description = "decides what workers and handlers do, and which interrupts go wrong (random)")
    private Long seed;

    @Option(names = "--ipi-delay", paramLabel = "N", description = "of 1000 interrupts, how many come late (0)")
    private int ipiDelay;

    @Option(names = "--ipi-duplicate", paramLabel = "N", description = "of 1000 interrupts, how many come twice (0)")
    private int ipiDuplicate;

    @Option(names = "--ipi-drop", paramLabel = "N", description = "of 1000 call interrupts, how many are lost until the csd lock watchdog sends them again (0)")
    private int ipiDrop;

    @Override
    public Integer call() {
        Main main = Main.of(spec);
        TortureConfig config = config();
        Torture torture = new Torture(config, main.screen());
        main.stop().then(torture::stop);
        TortureResult result;
        try (TortureProgress _ = new TortureProgress(torture, config.get(TortureParam.SHUTDOWN_SECS), main.screen())) {
            result = torture.run();
        }
        main.screen().print(Torture.rate(result));
        return result.verdict() == TortureResult.Verdict.SUCCESS ? Main.OK : Main.FAILED;
    }

    private TortureConfig config() {
        int count = cpus == null ? Math.max(4, Pinning.hostCores()) : cpus;
        try {
            if (count < 1 || count > MAX_CPUS) {
                throw new IllegalArgumentException("--cpus=" + count + " is out of range: 1 to " + MAX_CPUS + " would be right");
            }
            TortureConfig config = TortureConfig.cpus(count);
            BootParams boot = config.boot();
            for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
                if (option.description()[0].startsWith(BOOT)) {
                    boot = boot.with(name(option), option.getValue());
                }
            }
            config = config.withBoot(boot).withFaults(ipiDelay, ipiDuplicate, ipiDrop).withSeed(seed == null ? config.seed() : seed);
            return withParameters(config);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private TortureConfig withParameters(TortureConfig config) {
        TortureConfig result = config;
        for (TortureParam param : TortureParam.values()) {
            OptionSpec option = spec.findOption("--" + param.kernelName().replace('_', '-'));
            Integer value = option.getValue();
            if (value != null) {
                result = result.with(param, value);
            }
        }
        return result;
    }

    private static String name(OptionSpec option) {
        return option.longestName().substring(2).replace('-', '_');
    }
}
