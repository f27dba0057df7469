package org.smp4j.cli.torture;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.cli.options.RecordOptions;
import org.smp4j.cli.options.TraceOptions;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cpu.Pinning;
import org.smp4j.lib.BootParams;
import org.smp4j.torture.Torture;
import org.smp4j.torture.TortureConfig;
import org.smp4j.torture.TortureParam;
import org.smp4j.torture.TortureResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code smp4j torture}. */
@Command(name = "torture", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false, modelTransformer = TortureCommand.Parameters.class,
        description = {"Tortures calls between CPUs, as the kernel's scftorture does.",
            "Runs until --shutdown-secs have passed or Ctrl-C. Exits with 0 on SUCCESS; with 1 on FAILURE or "
            + "LOCK_HOTPLUG, or without a verdict (--nthreads=0); with 2 if the options are invalid.",
            "Parameters have the kernel's names; _ and - are equivalent in them, and they may be written as on a "
            + "kernel command line: scftorture.nthreads=4 smp.csd_lock_timeout=100 nr_cpus=8.%n"})
public final class TortureCommand implements Callable<Integer> {
    private static final int MAX_CPUS = 1024;
    private static final String BOOT = "boot parameter: ";
    private static final Pattern KERNEL =
            Pattern.compile("(?:--)?(?:(scftorture|smp)\\.)?([a-z][a-z_-]*)(=.*)", Pattern.DOTALL);
    private static final Set<String> OF_SMP = Set.of("csd_lock_timeout", "panic_on_ipistall");
    private static final Set<String> OF_THE_KERNEL =
            Set.of("nr_cpus", "maxcpus", "idle", "csdlock_debug", "panic_on_warn", "watchdog_thresh", "pin");

    /** Adds an option for each parameter of the test and each boot parameter. */
    static final class Parameters implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            for (TortureParam param : TortureParam.values()) {
                spec.addOption(number(param.kernelName(), param.description() + " (" + param.byDefault() + ")")
                        .build());
            }
            BootParams boot = TortureConfig.cpus(1).boot();
            spec.addOption(boot("maxcpus", "N", "how many CPUs boot brings online (all)").build());
            spec.addOption(boot("idle", "poll|halt", "what an idle CPU does (poll)").build());
            spec.addOption(boot("csdlock_debug", "0|1", "watch waits for csd locks (1)").arity("0..1")
                    .fallbackValue("1").build());
            spec.addOption(boot("csd_lock_timeout", "MS", "milliseconds after which such a wait is reported; 0: never ("
                    + boot.csdLockTimeout() + ")").build());
            spec.addOption(boot("panic_on_ipistall", "MS", "milliseconds after which it is a panic; 0: never (0)")
                    .build());
            spec.addOption(boot("panic_on_warn", "0|1", "a warning is a panic (0)").arity("0..1").fallbackValue("1")
                    .build());
            spec.addOption(boot("watchdog_thresh", "S", "seconds after which a CPU that takes no interrupt is "
                    + "reported; 0: never (" + boot.watchdogThresh()
                    + ")").build());
            spec.addOption(boot("pin", "none|1", "bind each CPU's thread to a core of the host (1)").build());
            return spec;
        }

        private static OptionSpec.Builder number(String name, String description) {
            return OptionSpec.builder("--" + name.replace('_', '-')).paramLabel("N").type(Integer.class)
                    .description(description);
        }

        private static OptionSpec.Builder boot(String name, String label, String description) {
            return OptionSpec.builder("--" + name.replace('_', '-')).paramLabel(label).type(String.class)
                    .description(BOOT + description);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--cpus", paramLabel = "N", description = "CPUs of the machine, 1 to " + MAX_CPUS
            + " (default: cores of the host, at least 4)")
    private Integer cpus;

    @Option(names = "--seed", paramLabel = "N",
            description = "seed of the workers' and handlers' choices, and of the interrupt faults (random)")
    private Long seed;

    @Option(names = "--ipi-delay", paramLabel = "N", description = "how many of 1000 interrupts arrive late (0)")
    private int ipiDelay;

    @Option(names = "--ipi-duplicate", paramLabel = "N", description = "how many of 1000 interrupts arrive twice (0)")
    private int ipiDuplicate;

    @Option(names = "--ipi-drop", paramLabel = "N",
            description = "how many of 1000 call interrupts are lost until the csd lock watchdog sends them again (0)")
    private int ipiDrop;

    @Mixin
    private TraceOptions trace;

    @Mixin
    private RecordOptions record;

    @Mixin
    private TorturePageOption page;

    @Override
    public Integer call() {
        Session session = Session.of(spec);
        TortureConfig config = config();
        trace.check(spec, false);
        record.check(spec, trace.isRecorded());
        page.check(spec);
        Torture torture = new Torture(config, page.log(session.screen()),
                trace.tracer(config.boot().nrCpus(), record), page.observer());
        session.stop().then(torture::stop);
        TortureResult result;
        try (TortureProgress _ = new TortureProgress(torture, config.get(TortureParam.SHUTDOWN_SECS), session.screen(),
                page::sample)) {
            result = torture.run();
        }
        session.screen().print(Torture.rate(result));
        boolean written = trace.write(spec) & page.write(spec, result);
        if (result.verdict() == TortureResult.Verdict.NONE) {
            session.screen().remark("smp4j torture: no verdict: nthreads=0 runs no worker and tests nothing");
        }
        return result.verdict() != TortureResult.Verdict.SUCCESS ? ExitCode.FAILED
                : written ? ExitCode.OK : ExitCode.USAGE;
    }

    /**
     * Turns parameters written as on a kernel command line, with their modules' names or without dashes, into options.
     */
    public static String[] options(String... args) {
        return Arrays.stream(args).map(arg -> {
            Matcher kernel = KERNEL.matcher(arg);
            if (!kernel.matches()) {
                return arg;
            }
            String name = kernel.group(2).replace('-', '_');
            TortureParam param = TortureParam.ofName(name);
            boolean known = switch (kernel.group(1)) {
                case "scftorture" -> param != null && param.ofScftorture();
                case "smp" -> OF_SMP.contains(name);
                case null, default -> OF_THE_KERNEL.contains(name);
            };
            return known ? "--" + (name.equals("nr_cpus") ? "cpus" : name) + kernel.group(3) : arg;
        }).toArray(String[]::new);
    }

    private TortureConfig config() {
        int count = cpus == null ? Math.max(4, Pinning.hostCores()) : cpus;
        try {
            if (count < 1 || count > MAX_CPUS) {
                throw new IllegalArgumentException("--cpus must be between 1 and " + MAX_CPUS + ", got " + count);
            }
            TortureConfig config = TortureConfig.cpus(count);
            BootParams boot = config.boot();
            for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
                if (option.description()[0].startsWith(BOOT)) {
                    boot = boot.with(name(option), option.getValue());
                }
            }
            config = config.withBoot(boot).withFaults(ipiDelay, ipiDuplicate, ipiDrop)
                    .withSeed(seed == null ? config.seed() : seed);
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
