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
                              command: [sh, -c, %s]
                    """.formatted(label(name), shards, Math.min(shards, MOST_PODS), Math.max(LEAST_RETRIES, shards),
                    scalar("exec " + command + " campaign run-shard \"$JOB_COMPLETION_INDEX\" --manifest="
                    + quoted(Path.of("/campaign").resolve(manifest.getFileName()))));
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

    private static final int MOST_PODS = 64;
    private static final int LEAST_RETRIES = 6;
    private static final int LONGEST_LABEL = 63;

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

    /** {@return a name as Kubernetes takes it: lower case, with a letter or digit at both ends} */
    private static String label(String name) {
        String label = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return label.substring(0, Math.min(label.length(), LONGEST_LABEL)).replaceAll("-+$", "");
    }

    /** {@return a text as YAML writes it between single quotes} */
    private static String scalar(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String folder(Path manifest) {
        return manifest.getParent().toString();
    }

    private static String quoted(Path manifest) {
        return "'" + manifest.toString().replace("'", "'\\''") + "'";
    }
}
