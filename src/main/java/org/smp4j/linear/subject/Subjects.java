package org.smp4j.linear.subject;

import org.smp4j.explore.model.ExplorerException;

/** The class under test and its specification, each as the loaders have it: found once for each loader. */
public final class Subjects {
    private final String specificationName;
    private final String check;
    private Class<?> type;
    private Subject subject;
    private Subject specification;
    private long unjudged;

    /**
     * Nothing is found yet.
     *
     * @param specificationName the class that says what is right; null for the class under test itself
     * @param check the name of a method that is called at the end of each run; null for none
     */
    public Subjects(String specificationName, String check) {
        this.specificationName = specificationName;
        this.check = check;
    }

    /** A run could not be judged, because its classes were loaded anew. */
    public void addUnjudged() {
        unjudged++;
    }

    /** {@return the number of runs that could not be judged} */
    public long unjudged() {
        return unjudged;
    }

    /** {@return the operations of the class under test} */
    public Subject of(Class<?> loaded) {
        if (loaded != type) {
            Subject found = Subject.of(loaded, check);
            specification = specificationName == null ? Subject.of(loaded, null) : specification(found, loaded);
            subject = found;
            type = loaded;
        }
        return subject;
    }

    /** {@return the operations that say what is right} */
    public Subject specification(Class<?> loaded) {
        of(loaded);
        return specification;
    }

    private Subject specification(Subject found, Class<?> loaded) {
        try {
            return found.specifiedBy(Class.forName(specificationName, false, loaded.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new ExplorerException("there is no class " + specificationName
                    + ", which is to specify the operations", e);
        }
    }
}
