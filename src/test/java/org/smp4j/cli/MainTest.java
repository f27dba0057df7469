package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.torture.TortureParam;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void helpAndVersion() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("Usage: smp4j", "torture", "generate-completion").doesNotContain("\033");
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).contains("smp4j ", "JDK ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpOfTortureNamesEveryParameter() {
        assertThat(execute("torture", "--help")).isZero();
        assertThat(out.toString()).contains(Arrays.stream(TortureParam.values())
                .map(param -> "--" + param.kernelName().replace('_', '-') + "=N").toList())
                .contains("--cpus=N", "--seed=N", "--csd-lock-timeout=MS", "--idle=poll|halt", "--ipi-drop=N");
    }

    @Test
    void completionIsGenerated() {
        assertThat(execute("generate-completion")).isZero();
        assertThat(out.toString()).startsWith("#!").contains("_complete_smp4j", "--weight-single-rpc", "run-shard",
                "jcstress", "--seeds");
    }

    /** Alone it is printed without the model of the command line. */
    @Test
    void racesAreListedAlikeWithoutOptions() {
        assertThat(execute("races")).isZero();
        String alone = out.toString();
        out.getBuffer().setLength(0);
        assertThat(execute("races", "--symptom=")).isZero();
        assertThat(out).hasToString(alone);
    }

    @Test
    void completionTakesNoArguments() {
        assertThat(execute("generate-completion", "junk")).isEqualTo(2);
        assertThat(err.toString()).startsWith("smp4j generate-completion: Unmatched argument").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "torture ", "explore ", "linear ", "replay ", "races ", "races show ", "races run ",
            "selftest ", "generate-completion "})
    void everyCommandHasHelpAndSaysHowToTraceAFailure(String command) {
        assertThat(execute((command + "--help").split(" "))).isZero();
        assertThat(out.toString()).contains("--stacktrace");
    }

    @Test
    void helpSaysWhatTheExitCodesMean() {
        execute("--help");
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("Exits with 0 on success; 1 if a failure was found; 2 if the input is invalid or the "
                + "output can't be written; 3 if smp4j itself failed, or its JVM is short of memory.");
    }

    /** A command need not flush what it prints. */
    @ParameterizedTest
    @ValueSource(strings = {"races", "races run sync-call-with-irqs-off --variant=buggy", "races run "
            + "sync-call-with-irqs-off --variant=buggy --json",
        "races show sync-call-with-irqs-off", "generate-completion", "--version"})
    void allOutputIsFlushed(String command) {
        Main.execute(new PrintWriter(new BufferedWriter(out, 1 << 20)), new PrintWriter(err), command.split(" "));
        assertThat(out.toString()).isNotEmpty();
    }

    @Test
    void torturePrintsFromHeaderToRate() {
        assertThat(execute("torture", "--cpus=2", "--shutdown_secs=1", "--seed", "7", "--csd_lock_timeout=4000",
                "--idle=halt", "--csdlock_debug"))
                .as(out.toString()).isZero();
        assertThat(out.toString()).containsSubsequence("smp4j ", "JDK ", "2 CPUs", "seed 7",
                "scftorture: --- Start of test:  verbose=0 ",
                "scf_sel_dump:  ", "scftorture:  scf_invoked_count VER: ", "CPU0", "CAL: ",
                "scftorture: --- End of test: SUCCESS:  ", " invocations in ", " per second").doesNotContain("\033");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void parametersAreUnderstoodWithDashesAndUnderscores() {
        assertThat(execute("torture", "--cpus=2", "--shutdown-secs=1", "--weight-single=3", "--weight_single_wait",
                "1")).isZero();
        assertThat(out.toString()).contains("scf_sel_dump:  75.000 smp_call_function_single(nowait)",
                "scf_sel_dump:  25.000 smp_call_function_single(wait)");
        assertThat(Main.dashes("--a_b=c_d", "a_b", "--a_b")).containsExactly("--a-b=c_d", "a_b", "--a-b");
    }

    @Test
    void parametersMayBeWrittenAsOnAKernelCommandLine() {
        assertThat(execute("torture", "nr_cpus=2", "scftorture.shutdown_secs=1", "--scftorture.weight_single=3",
                "scftorture.weight-single-wait=1",
                "smp.csd_lock_timeout=4000", "maxcpus=0")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("2 CPUs (1 online)",
                "scf_sel_dump:  75.000 smp_call_function_single(nowait)");
    }

    @Test
    void withoutAWorkerItDoesNotSucceed() {
        assertThat(execute("torture", "--cpus=2", "--nthreads=0", "--shutdown-secs=1")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("End of test", "SUCCESS");
        assertThat(err.toString()).isEqualTo("smp4j torture: no verdict: nthreads=0 runs no worker and tests nothing"
                + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "torture scftorture.shuffle_interval=1 | Unmatched argument at index 1: 'scftorture.shuffle_interval=1'",
        "torture scftorture.nthreads=x | Invalid value for option '--nthreads': 'x' is not an int",
        "torture smp.idle=halt | Unmatched argument at index 1: 'smp.idle=halt'",
        "torture --no-such-thing | Unknown option: '--no-such-thing'",
        "torture --weight-single=many | Invalid value for option '--weight-single': 'many' is not an int",
        "torture --weight_single=-2 | weight_single must be between -1 and 1000000000, got -2",
        "torture --cpus=0 | --cpus must be between 1 and 1024, got 0",
        "torture --cpus=1025 | --cpus must be between 1 and 1024, got 1025",
        "torture --cpus=4 --maxcpus=5 | maxcpus must be between 0 and 4, got 5",
        "torture --idle=sleep | idle must be poll or halt, got sleep",
        "torture --ipi-drop=1 --csdlock-debug=0 | ipi_drop needs csdlock_debug=1 and a csd_lock_timeout, "
        + "to send lost interrupts again", "torture extra | Unmatched argument at index 1: 'extra'"})
    void badUsageIsOneLine(String args, String message) {
        assertThat(execute(args.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("smp4j torture: " + message + "; see 'smp4j torture --help'"
                + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void allZeroWeightsAreBadUsage() {
        assertThat(execute("torture", "--weight_resched=0", "--weight_single=0", "--weight_single_rpc=0",
                "--weight_single_wait=0", "--weight_many=0",
                "--weight_many_wait=0", "--weight_all=0", "--weight_all_wait=0")).isEqualTo(2);
        assertThat(err.toString()).startsWith("smp4j torture: all zero weights makes no sense (-EINVAL)")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dance", "--dance"})
    void unknownCommandIsBadUsage(String args) {
        assertThat(execute(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("smp4j: ").endsWith("; see 'smp4j --help'" + System.lineSeparator())
                .hasLineCount(1);
    }

    @Test
    void failureExitsWithOne() {
        // A csd lock timeout of 1 ms is exceeded sooner or later, and a panic follows.
        assertThat(execute("torture", "--cpus=16", "--shutdown-secs=60", "--stutter=0", "--csd-lock-timeout=1",
                "--panic-on-ipistall=1")).isEqualTo(1);
        assertThat(out.toString()).contains("Kernel panic - not syncing: csd: CSD lock",
                "scftorture: !!! the machine has ended: csd: CSD lock", "--- End of test: FAILURE:  ");
    }
}
