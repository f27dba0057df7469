package org.smp4j.campaign.work;

import java.nio.file.Path;
import org.smp4j.explore.Explorer;

/** What a unit needs of the process that runs it. */
public interface Host extends Explorer.Progress {
    /** {@return the folder against which relative paths of a manifest are resolved: that of the manifest} */
    Path folder();
}
