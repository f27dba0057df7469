package org.smp4j.explore.shadow;

import java.io.ObjectInputStream;

/** Stands in for the JDK's internal interface of that name. */
public interface JavaObjectInputStreamAccess {
    void checkArray(ObjectInputStream in, Class<?> type, int length);
}
