package org.smp4j.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.campaign.work.ExploreWork;
import org.smp4j.campaign.work.Host;
import org.smp4j.explore.memory.MemoryModel;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Shards on real engines: whatever happens to some of them, the report is that of one process. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EnginesTest {
    private static final int UNITS = 64;

    @TempDir
    private Path folder;
    private List<String> expected;
    private Manifest manifest;
    private Path file;

    private static Manifest planned(int shards, Path where) throws IOException {
        return Manifest.plan("night", "1", shards, List.of(
                new ExploreWork(LostUpdate.class.getName(), List.of(), "random", MemoryModel.SC, 1, UNITS, 2)),
                where);
    }

    private void plan(int shards) throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Manifest single = planned(1, one);
        Shard.run(single, 0, host(one), (done, of, title) -> { });
        expected = report(one, single);
        Path many = Files.createDirectory(folder.resolve("many"));
        manifest = planned(shards, many);
        file = many.resolve("manifest.json");
        manifest.write(file);
    }

    private static Host host(Path where) {
        return new Host() {
            @Override
            public Path folder() {
                return where;
            }

            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return true;
            }
        };
    }

    private static List<String> report(Path where, Manifest manifest) throws IOException {
        CampaignReports.write(Merge.of(where, manifest).report(), where, where);
        List<String> texts = new ArrayList<>();
        for (String name : List.of("report.txt", "report.json", "report.html")) {
            texts.add(Files.readString(where.resolve(name)));
        }
        return texts;
    }

    /** Cuts a shard's file, runs it and another one again, and compares the report. */
    private void damageRepairAndCompare() throws IOException {
        Path shard = Shard.file(file.getParent(), 5);
        String whole = Files.readString(shard);
        Files.writeString(shard, whole.substring(0, whole.length() / 2));
        assertThat(Merge.of(file.getParent(), manifest).missing()).extracting(Merge.Missing::shard).containsExactly(5);
        for (int again : new int[] {5, 7}) {
            Shard.run(manifest, again, host(file.getParent()), (done, of, title) -> { });
        }
        assertThat(report(file.getParent(), manifest)).isEqualTo(expected);
    }

    @Test
    void slurmRunsAllShardsThoughANodeDies() throws IOException, InterruptedException {
        Engines.need("Slurm", "slurm-wlm munge", "munged", "slurmctld", "slurmd", "sbatch", "sinfo");
        if (!"root".equals(System.getProperty("user.name"))) {
            Engines.leaveOut("NOT TESTED: shards on Slurm, as its daemons need root");
        }
        plan(32);
        Path script = Files.writeString(folder.resolve("script"), Launcher.SLURM.script(manifest, Engines.smp4j(),
                file));
        try (Slurm slurm = new Slurm(Files.createDirectory(folder.resolve("slurm")))) {
            slurm.run("sbatch", script.toString());
            while (Merge.of(file.getParent(), manifest).done() < 8) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            slurm.killSecondNode();
            while (!slurm.run("squeue", "--noheader").isBlank()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        damageRepairAndCompare();
    }

    @Test
    void gnuParallelRunsAllShards() throws IOException, InterruptedException {
        Engines.need("GNU parallel", "parallel", "parallel");
        plan(8);
        Path script = Files.writeString(folder.resolve("script"), Launcher.PARALLEL.script(manifest, Engines.smp4j(),
                file));
        Engines.run(folder, List.of("HOME", folder.toString()), "sh", script.toString());
        damageRepairAndCompare();
    }

    /** No cluster is there: its part, which is to set the index and to mount the volume, is played here. */
    @Test
    void kubernetesRunsAllShards() throws IOException, InterruptedException {
        plan(2);
        Map<?, ?> job = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Launcher.K8S.script(manifest, Engines.smp4j(), file));
        assertThat(job).isEqualTo(Map.of("apiVersion", "batch/v1", "kind", "Job", "metadata", Map.of("name", "night"),
                "spec", job.get("spec")));
        Map<?, ?> spec = (Map<?, ?>) job.get("spec");
        Map<?, ?> pod = (Map<?, ?>) ((Map<?, ?>) spec.get("template")).get("spec");
        assertThat(spec).isEqualTo(Map.of("completions", 2, "parallelism", 2, "completionMode", "Indexed",
                "backoffLimit", 6, "template", Map.of("spec", pod)));
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).getFirst();
        assertThat(pod).isEqualTo(Map.of("restartPolicy", "OnFailure", "volumes", List.of(Map.of("name", "campaign",
                "persistentVolumeClaim", Map.of("claimName", "campaign"))), "containers", List.of(container)));
        List<?> command = (List<?>) container.get("command");
        assertThat(container).isEqualTo(Map.of("name", "shard", "image", "smp4j", "volumeMounts", List.of(
                Map.of("name", "campaign", "mountPath", "/campaign")), "command", command));
        for (int shard = 0; shard < manifest.shards(); shard++) {
            Engines.run(folder, List.of("JOB_COMPLETION_INDEX", Integer.toString(shard)), command.stream()
                    .map(word -> word.toString().replace("'/campaign/", "'" + file.getParent() + "/"))
                    .toArray(String[]::new));
        }
        assertThat(report(file.getParent(), manifest)).isEqualTo(expected);
    }
}
