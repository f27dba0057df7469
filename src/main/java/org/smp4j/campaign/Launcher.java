package org.smp4j.campaign;

import java.nio.file.Path;
import java.util.Locale;

/** Scripts that run all shards of a campaign on an engine that others make. */
public enum Launcher {
    /** A job array of Slurm: {@code ... | sbatch}. A shard whose node dies is queued again. */
    SLURM {
        @Override
        String script(String name, int shards, String command, Path manifest) {
            return """
                    #!/bin/sh
                    #SBATCH --job-name=%s
                    #SBATCH --array=0-%d
                    #SBATCH --cpus-per-task=1
                    #SBATCH --requeue
                    #SBATCH --open-mode=append
                    #SBATCH --output=%s/slurm-%%a.log
                    exec %s campaign run-shard "$SLURM_ARRAY_TASK_ID" --manifest=%s
                    """.formatted(name, shards - 1, folder(manifest), command, quoted(manifest));
        }
    },

    /** An indexed job of Kubernetes: {@code ... | kubectl apply -f -}. The manifest lies on a volume. */
    K8S {
        @Override
        String script(String name, int shards, String command, Path manifest) {
            return """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: %s}
                    spec:
                      completions: %d
                      parallelism: %d
                      completionMode: Indexed
                      backoffLimit: %d
                      template:
                        spec:
                          restartPolicy: OnFailure
                          volumes: [{name: campaign, persistentVolumeClaim: {claimName: campaign}}]
                          containers:
                            - name: shard
                              image: smp4j
                              volumeMounts: [{name: campaign, mountPath: /campaign}]
                              command: [sh, -c, "exec smp4j campaign run-shard $JOB_COMPLETION_INDEX \
                    --manifest=/campaign/%s"]
                    """.formatted(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-"), shards,
                    Math.min(shards, 64), Math.max(6, shards), manifest.getFileName());
        }
    },

    /** A line for GNU parallel: {@code ... | sh}. */
    PARALLEL {
        @Override
        String script(String name, int shards, String command, Path manifest) {
            return """
                    #!/bin/sh
                    # %s
                    seq 0 %d | parallel --joblog %s/parallel.log --resume-failed --retries 3 \\
                        %s campaign run-shard {} --manifest=%s
                    """.formatted(name, shards - 1, folder(manifest), command, quoted(manifest));
        }
    };

    abstract String script(String name, int shards, String command, Path manifest);

    /**
     * A script that runs all shards.
     *
     * @param campaign the manifest
     * @param command the command that starts smp4j
     * @param manifest the manifest's file
     * @return the script
     */
    public String script(Manifest campaign, String command, Path manifest) {
        return script(campaign.name(), campaign.shards(), command, manifest.toAbsolutePath());
    }

    private static String folder(Path manifest) {
        return manifest.getParent().toString();
    }

    private static String quoted(Path manifest) {
        return "'" + manifest.toString().replace("'", "'\\''") + "'";
    }
}
